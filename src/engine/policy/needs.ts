import type { StoreOf } from '../../store/store.ts'
import type { AccountNeeds, AccountSettings, AccountTables } from '../accounts/needs.ts'
import type { EngineSettings } from '../settings.ts'

export type PolicyTables = AccountTables
export type PolicySettings = AccountSettings

/** What asking the policy uses. */
export interface PolicyNeeds extends Omit<AccountNeeds, 'store' | 'settings'> {
  store: StoreOf<PolicyTables>
  settings: Pick<EngineSettings, PolicySettings>
}
