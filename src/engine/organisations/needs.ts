import type { FindTxtRecords } from '../../domain/organisation.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { AccountNeeds, AccountSettings, AccountTables } from '../accounts/needs.ts'
import type { EngineSettings } from '../settings.ts'

export type OrganisationTables = AccountTables
export type OrganisationTransaction = Some<OrganisationTables>

/** What organisations, their domains and members use. */
export interface OrganisationNeeds extends Omit<AccountNeeds, 'store' | 'settings'> {
  store: StoreOf<OrganisationTables>
  settings: Pick<EngineSettings, AccountSettings | 'siteName'>
  findTxtRecords: FindTxtRecords
}
