import type { AccountId } from '../../domain/id.ts'
import type { DirectoryMembership } from '../../domain/organisation.ts'
import { addMemberIn, changeMemberIn, hasRoles, lockMembership } from './members.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

/**
 * Who signs in by an organisation's connection is a member, with the roles that the directory gives. A member
 * who came in otherwise keeps the roles that an admin gave.
 */
export async function syncMembership(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  { accountId, membership }: { accountId: AccountId; membership: DirectoryMembership },
): Promise<void> {
  const { organisationId, roles } = membership
  const organisation = await tx.organisations.find(organisationId)
  if (organisation?.state !== 'active') return
  const key = { organisationId, accountId }
  const former = await tx.memberships.find(key)
  const actor = accountId
  if (!former) {
    await addMemberIn(engine, tx, {
      organisation,
      accountId,
      roles: roles ?? [],
      source: 'connection',
      actor,
    })
    return
  }
  if (former.source !== 'connection' || roles === null || hasRoles(former, roles)) return
  await changeMemberIn(engine, tx, { former: await lockMembership(tx, key), roles, actor })
}
