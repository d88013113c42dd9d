import type { Some, StoreOf } from '../../store/store.ts'
import type { LeavingNeeds } from '../connections/leave-upstream.ts'
import type { CredentialNeeds, CredentialSettings, CredentialTables } from '../credentials/needs.ts'
import type { EngineSettings } from '../settings.ts'

export type AccountTables = CredentialTables | 'identifiers'
export type AccountSettings = CredentialSettings | 'localHosts' | 'phoneCountry' | 'takenAddress'
export type AccountTransaction = Some<AccountTables>

/** What finding, making and changing accounts uses. */
export interface AccountNeeds
  extends Omit<CredentialNeeds, 'store' | 'settings'>,
    Omit<LeavingNeeds, 'store' | 'settings'> {
  store: StoreOf<AccountTables>
  settings: Pick<EngineSettings, AccountSettings>
}
