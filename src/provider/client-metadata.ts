import type { AdapterPayload } from 'oidc-provider'
import { type Client, needsSecret } from '../domain/client.ts'

/** What any client may ask of a person; the rest must be named by an operator. */
export const ordinaryScopes = ['openid', 'offline_access', 'profile', 'email', 'phone'] as const

/** Our own words about a client, as the library carries them. */
export const ownProperties = ['sumun_settings', 'sumun_secret_hashes'] as const

export interface OwnMetadata {
  sumun_settings?: Client['settings']
  sumun_secret_hashes?: string[]
}

/** A client as the library reads it. The secret's place is taken by its hash, which opens nothing. */
export function toMetadata(client: Pick<Client, 'id' | 'metadata' | 'settings'> & Partial<Client>, now: number): AdapterPayload {
  const hashes = (client.secrets ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ hash }) => hash)
  const { firstParty } = client.settings
  return {
    scope: [...ordinaryScopes, ...(firstParty ? ['account'] : [])].join(' '),
    ...client.metadata,
    client_id: client.id,
    ...(needsSecret(client.metadata) && { client_secret: hashes[0] ?? 'none' }),
    sumun_settings: client.settings,
    sumun_secret_hashes: hashes,
  } as AdapterPayload
}
