import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { AccountId, OrganisationId } from '../../domain/id.ts'
import {
  adminRole,
  type Membership,
  type MembershipSource,
  type Organisation,
  rolePattern,
  rolesMax,
} from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import { endOrganisationSessions } from '../sessions/organisation-sessions.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

const isRole = new RegExp(rolePattern)

/** A membership, and whose it is. */
export interface Member {
  membership: Membership
  account: AccountWithIdentifiers
}

interface About {
  organisation: Pick<Organisation, 'id'>
  accountId: AccountId
  actor: string
}

/** Throws `not_found` if there is no such account, `invalid_fields`, `conflict` if it is a member already. */
export async function addMember(
  engine: OrganisationNeeds,
  given: About & { roles: readonly string[]; source: MembershipSource },
): Promise<Member> {
  const roles = rolesIn(given.roles)
  const write = engine.store.transaction((tx) => addMemberIn(engine, tx, { ...given, roles }))
  return write.catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: 'The account is a member already', cause: error })
      : error
  })
}

/** The same within a larger transaction. Throws UniqueViolation. */
export async function addMemberIn(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  given: About & { roles: readonly string[]; source: MembershipSource },
): Promise<Member> {
  const { organisation, accountId, roles, source } = given
  const now = engine.clock.now()
  const account = await tx.accounts.find(accountId)
  if (!account || !(await tx.organisations.lockForUpdate(organisation.id))) throw new Problem('not_found')
  const membership: Membership = {
    ...{ organisationId: organisation.id, accountId, roles, isAdmin: roles.includes(adminRole), source },
    ...{ breakGlass: false, createdAt: now, updatedAt: now },
  }
  await tx.memberships.insert(membership)
  await record(engine, tx, 'member.added', { ...given, details: { roles: roles.join(' '), source } })
  return { membership, account }
}

/** `isAdmin` gives or takes the role `admin`, and leaves the others. */
export interface MemberChange {
  roles?: readonly string[]
  isAdmin?: boolean
  breakGlass?: boolean
}

/** Throws `not_found`, `invalid_fields`, `last_admin` unless an operator does it. */
export async function updateMember(
  engine: OrganisationNeeds,
  given: About & { change: MemberChange; byOperator: boolean },
): Promise<Membership> {
  const { organisation, accountId, change, actor } = given
  const changed = await engine.store.transaction(async (tx) => {
    const former = await lockMembership(tx, { organisationId: organisation.id, accountId })
    const { roles = former.roles, isAdmin = roles.includes(adminRole) } = change
    const others = roles.filter((role) => role !== adminRole)
    if (!isAdmin && !given.byOperator) await refuseLastAdmin(tx, former)
    return changeMemberIn(engine, tx, {
      ...{ former, roles: isAdmin ? [...others, adminRole] : others, actor },
      breakGlass: change.breakGlass ?? former.breakGlass,
    })
  })
  await engine.revocations.poll()
  return changed
}

/**
 * The same within a larger transaction. New roles end the sessions for the organisation, since their tokens
 * carry them. Throws `invalid_fields`.
 */
export async function changeMemberIn(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  given: { former: Membership; roles: readonly string[]; breakGlass?: boolean; actor: string },
): Promise<Membership> {
  const { former, breakGlass = former.breakGlass, actor } = given
  const { organisationId, accountId } = former
  const roles = rolesIn(given.roles)
  const next = {
    ...{ ...former, roles, isAdmin: roles.includes(adminRole), breakGlass },
    updatedAt: engine.clock.now(),
  }
  await tx.memberships.update(next)
  if (!hasRoles(former, roles))
    await endOrganisationSessions(engine, tx, { organisationId, accountId, actor })
  const details = { roles: roles.join(' '), break_glass: breakGlass }
  await record(engine, tx, 'member.changed', {
    ...{ organisation: { id: organisationId }, accountId, actor, details },
  })
  return next
}

/** The account stays. Throws `not_found`, `last_admin` unless an operator does it. */
export async function removeMember(
  engine: OrganisationNeeds,
  given: About & { byOperator: boolean },
): Promise<void> {
  const { organisation, accountId, actor } = given
  await engine.store.transaction(async (tx) => {
    const membership = await lockMembership(tx, { organisationId: organisation.id, accountId })
    if (!given.byOperator) await refuseLastAdmin(tx, membership)
    await removeMemberIn(engine, tx, { membership, actor })
  })
  await engine.revocations.poll()
}

/** The same within a larger transaction. */
export async function removeMemberIn(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  { membership, actor }: { membership: Membership; actor: string },
): Promise<void> {
  const { organisationId, accountId } = membership
  await tx.memberships.remove({ organisationId, accountId })
  await endOrganisationSessions(engine, tx, { organisationId, accountId, actor })
  await record(engine, tx, 'member.removed', { organisation: { id: organisationId }, accountId, actor })
}

/** Throws `not_found`. */
export async function findMember(
  { store }: Pick<OrganisationNeeds, 'store'>,
  key: { organisationId: OrganisationId; accountId: AccountId },
): Promise<Member> {
  const membership = await store.memberships.find(key)
  const account = membership && (await store.accounts.find(key.accountId))
  if (!account) throw new Problem('not_found')
  return { membership, account }
}

/** With their accounts, in the order in which those were made. */
export async function listMembers(
  { store }: Pick<OrganisationNeeds, 'store'>,
  id: OrganisationId,
  page: { after: AccountId | null; limit: number },
): Promise<Member[]> {
  const [memberships, accounts] = await Promise.all([
    store.memberships.list(id, page),
    store.accounts.listMembers(id, page),
  ])
  const byId = new Map(accounts.map((account) => [account.id, account]))
  return memberships.flatMap((membership) => {
    const account = byId.get(membership.accountId)
    return account ? [{ membership, account }] : []
  })
}

/** Each once, sorted. Throws `invalid_fields`. */
export function rolesIn(given: readonly string[]): string[] {
  const roles = [...new Set(given)].sort()
  const wrong = roles.find((role) => !isRole.test(role))
  if (wrong !== undefined || roles.length > rolesMax)
    throw new Problem('invalid_fields', {
      detail: `roles: at most ${rolesMax}, each of at most 40 small letters, digits, dots, dashes and underscores`,
    })
  return roles
}

/** Whether these are its roles, in any order. */
export const hasRoles = ({ roles }: Pick<Membership, 'roles'>, others: readonly string[]): boolean =>
  roles.length === others.length && roles.every((role) => others.includes(role))

/** Throws `not_found`. */
export async function lockMembership(
  tx: OrganisationTransaction,
  key: Pick<Membership, 'organisationId' | 'accountId'>,
): Promise<Membership> {
  await tx.organisations.lockForUpdate(key.organisationId) // of two admins who leave at once, one stays
  const membership = await tx.memberships.find(key)
  if (!membership) throw new Problem('not_found')
  return membership
}

async function refuseLastAdmin(
  tx: OrganisationTransaction,
  { isAdmin, organisationId }: Membership,
): Promise<void> {
  if (isAdmin && (await tx.memberships.countAdmins(organisationId)) < 2) throw new Problem('last_admin')
}

const record = (
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  kind: 'member.added' | 'member.changed' | 'member.removed',
  { organisation, accountId, actor, details }: About & { details?: Record<string, string | boolean> },
): Promise<void> =>
  engine.audit.record(tx, {
    ...{ kind, actor, subject: accountId },
    details: { organisation: organisation.id, ...details },
  })
