import type { Some, StoreOf } from '../../store/store.ts'
import type { ConnectionNeeds } from '../connections/needs.ts'
import type { SlowestHash } from '../credentials/slowest-hash.ts'
import type { OrganisationNeeds, OrganisationTables } from '../organisations/needs.ts'
import type { EngineSettings } from '../settings.ts'

export type SignInTables = OrganisationTables
export type SignInSettings = keyof OrganisationNeeds['settings']
export type SignInTransaction = Some<SignInTables>

/** What an attempt uses, from its beginning to a session. */
export interface SignInNeeds
  extends Omit<OrganisationNeeds, 'store' | 'settings'>,
    Pick<ConnectionNeeds, 'federation' | 'offeredConnections'> {
  store: StoreOf<SignInTables>
  settings: Pick<EngineSettings, SignInSettings>
  slowestHash: SlowestHash
  observe: SignInObserver
}

/** Told of what happened, for metrics; must not throw. */
export interface SignInObserver {
  signIn(method: string, outcome: 'succeeded' | 'refused' | 'throttled' | 'more_evidence_required'): void
}
