import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { OrganisationId } from '../../domain/id.ts'
import { domainOf } from '../../domain/mail-domain.ts'
import type { OrganisationDemand } from '../../domain/policy-input.ts'
import type { Some } from '../../store/store.ts'

/** Of the organisation that is signed in to, and of the one that has the domain of a confirmed address. */
export async function organisationDemands(
  store: Some<'organisations'>,
  { id: accountId, identifiers }: Pick<AccountWithIdentifiers, 'id' | 'identifiers'>,
  organisationId: OrganisationId | null = null,
): Promise<OrganisationDemand[]> {
  const address = identifiers.find(({ kind, verifiedAt }) => kind === 'email' && verifiedAt !== null)
  if (!address && organisationId === null) return []
  const domain = address ? domainOf(address.value) : null
  return store.organisations.listDemands({ accountId, organisationId, domain })
}
