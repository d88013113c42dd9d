import { toDay, toTimestamp } from '../../domain/clock.ts'
import { type Connection, callbackUrl } from '../../domain/connection.ts'

/** A connection as operators see it: everything but its secret. */
export const presentConnection = (connection: Connection, issuer: string) => ({
  id: connection.id,
  slug: connection.slug,
  kind: connection.kind,
  preset: connection.preset,
  names: connection.names,
  client_id: connection.clientId,
  has_secret: connection.secretSealed !== null,
  secret_expires_on: connection.secretExpiresAt === null ? null : toDay(connection.secretExpiresAt),
  settings: connection.settings,
  state: connection.state,
  position: connection.position,
  email_trust: connection.emailTrust,
  assurance: connection.assurance,
  new_accounts: connection.newAccounts,
  domains: [...connection.domains],
  organisation: connection.organisationId,
  callback_url: callbackUrl(issuer, connection),
  revision: connection.revision,
  created_at: toTimestamp(connection.createdAt),
  updated_at: toTimestamp(connection.updatedAt),
})
