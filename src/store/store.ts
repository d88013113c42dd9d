import type { AccountStore } from './queries/accounts.ts'
import type { ArtifactStore } from './queries/artifacts.ts'
import type { AttemptStore } from './queries/attempts.ts'
import type { ClientStore } from './queries/clients.ts'
import type { ConnectionStore } from './queries/connections.ts'
import type { ConsentStore } from './queries/consents.ts'
import type { CredentialStore } from './queries/credentials.ts'
import type { EventStore } from './queries/events.ts'
import type { GrantStore } from './queries/grants.ts'
import type { IdentifierStore } from './queries/identifiers.ts'
import type { ImportStore } from './queries/imports.ts'
import type { InstallationStore } from './queries/installation.ts'
import type { LogoutStore } from './queries/logouts.ts'
import type { MembershipStore } from './queries/memberships.ts'
import type { OrganisationDomainStore } from './queries/organisation-domains.ts'
import type { OrganisationStore } from './queries/organisations.ts'
import type { OutboxStore } from './queries/outbox.ts'
import type { RevocationStore } from './queries/revocations.ts'
import type { SamlApplicationStore } from './queries/saml-applications.ts'
import type { SamlParticipantStore } from './queries/saml-participants.ts'
import type { ScimGroupStore } from './queries/scim-groups.ts'
import type { ScimTokenStore } from './queries/scim-tokens.ts'
import type { ScimUserStore } from './queries/scim-users.ts'
import type { SequenceStore } from './queries/sequences.ts'
import type { SessionStore } from './queries/sessions.ts'
import type { SigningKeyStore } from './queries/signing-keys.ts'
import type { ThrottleStore } from './queries/throttles.ts'
import type { TicketStore } from './queries/tickets.ts'

/** Persistence by aggregate. Every call that must be atomic is one statement or runs in `transaction`. */
export interface Aggregates {
  accounts: AccountStore
  identifiers: IdentifierStore
  credentials: CredentialStore
  sessions: SessionStore
  attempts: AttemptStore
  tickets: TicketStore
  outbox: OutboxStore
  signingKeys: SigningKeyStore
  events: EventStore
  throttles: ThrottleStore
  installation: InstallationStore
  clients: ClientStore
  connections: ConnectionStore
  samlApplications: SamlApplicationStore
  samlParticipants: SamlParticipantStore
  organisations: OrganisationStore
  organisationDomains: OrganisationDomainStore
  memberships: MembershipStore
  grants: GrantStore
  logouts: LogoutStore
  artifacts: ArtifactStore
  consents: ConsentStore
  revocations: RevocationStore
  sequences: SequenceStore
  imports: ImportStore
  scimTokens: ScimTokenStore
  scimUsers: ScimUserStore
  scimGroups: ScimGroupStore
}

export interface Store extends Aggregates {
  readonly engine: 'sqlite' | 'postgres'
  /** All or nothing; only calls on `tx` inside. */
  transaction<Result>(work: (tx: Aggregates) => Promise<Result>): Promise<Result>
  /** Throws `Problem('database_unavailable')` where it cannot be reached, or cannot be written. */
  ping(): Promise<void>
}

/** Some of the aggregates, for a function that needs only those. */
export type Some<Name extends keyof Aggregates> = Pick<Aggregates, Name>

/** The same with transactions over those aggregates. */
export type StoreOf<Name extends keyof Aggregates> = Some<Name> & {
  transaction<Result>(work: (tx: Some<Name>) => Promise<Result>): Promise<Result>
}
