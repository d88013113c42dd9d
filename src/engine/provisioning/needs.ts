import type { Organisation } from '../../domain/organisation.ts'
import type { ScimToken } from '../../domain/provisioning.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { OrganisationNeeds, OrganisationTables } from '../organisations/needs.ts'
import type { LongLists } from './long-lists.ts'

export type ProvisioningTables = OrganisationTables | 'scimTokens' | 'scimUsers' | 'scimGroups'
export type ProvisioningTransaction = Some<ProvisioningTables>

/** What a directory that provisions an organisation by SCIM uses. */
export interface ProvisioningNeeds extends Omit<OrganisationNeeds, 'store'> {
  store: StoreOf<ProvisioningTables>
  longLists: LongLists
}

/** Whose directory it is, and by which token. */
export interface Provisioner {
  organisation: Organisation
  token: Pick<ScimToken, 'id' | 'name'>
}
