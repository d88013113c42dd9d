import type { Database, Queryable } from './database.ts'
import { accountStore } from './queries/accounts.ts'
import { artifactStore } from './queries/artifacts.ts'
import { attemptStore } from './queries/attempts.ts'
import { clientStore } from './queries/clients.ts'
import { connectionStore } from './queries/connections.ts'
import { consentStore } from './queries/consents.ts'
import { credentialStore } from './queries/credentials.ts'
import { eventStore } from './queries/events.ts'
import { grantStore } from './queries/grants.ts'
import { identifierStore } from './queries/identifiers.ts'
import { importStore } from './queries/imports.ts'
import { installationStore } from './queries/installation.ts'
import { logoutStore } from './queries/logouts.ts'
import { membershipStore } from './queries/memberships.ts'
import { organisationDomainStore } from './queries/organisation-domains.ts'
import { organisationStore } from './queries/organisations.ts'
import { outboxStore } from './queries/outbox.ts'
import { revocationStore } from './queries/revocations.ts'
import { samlApplicationStore } from './queries/saml-applications.ts'
import { samlParticipantStore } from './queries/saml-participants.ts'
import { scimGroupStore } from './queries/scim-groups.ts'
import { scimTokenStore } from './queries/scim-tokens.ts'
import { scimUserStore } from './queries/scim-users.ts'
import { sequenceStore } from './queries/sequences.ts'
import { sessionStore } from './queries/sessions.ts'
import { signingKeyStore } from './queries/signing-keys.ts'
import { throttleStore } from './queries/throttles.ts'
import { ticketStore } from './queries/tickets.ts'
import { createPing } from './readiness.ts'
import type { Aggregates, Store } from './store.ts'

/** The one set of queries over either engine. */
export function openStore(database: Database): Store {
  return {
    ...openStoreOn(database, database.engine),
    engine: database.engine,
    transaction: (work) => database.transaction((tx) => work(openStoreOn(tx, database.engine))),
    ping: createPing(database),
  }
}

/** The queries inside a transaction, or over whatever runs statements. */
export const openStoreOn = (db: Queryable, engine: Database['engine']): Aggregates => ({
  accounts: accountStore(db),
  identifiers: identifierStore(db),
  credentials: credentialStore(db),
  sessions: sessionStore(db),
  attempts: attemptStore(db),
  tickets: ticketStore(db),
  outbox: outboxStore(db),
  signingKeys: signingKeyStore(db),
  events: eventStore(db),
  throttles: throttleStore(db),
  installation: installationStore(db),
  clients: clientStore(db),
  connections: connectionStore(db),
  samlApplications: samlApplicationStore(db),
  samlParticipants: samlParticipantStore(db),
  organisations: organisationStore(db),
  organisationDomains: organisationDomainStore(db),
  memberships: membershipStore(db),
  grants: grantStore(db),
  logouts: logoutStore(db),
  artifacts: artifactStore(db),
  consents: consentStore(db),
  revocations: revocationStore(db),
  sequences: sequenceStore(db),
  imports: importStore(db, engine),
  scimTokens: scimTokenStore(db),
  scimUsers: scimUserStore(db, engine),
  scimGroups: scimGroupStore(db, engine),
})
