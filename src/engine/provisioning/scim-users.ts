import { newScimUserId, type ScimUserId } from '../../domain/id.ts'
import type { Membership } from '../../domain/organisation.ts'
import type { ScimUser } from '../../domain/provisioning.ts'
import { normaliseResource, type Resource } from '../../domain/scim/resource.ts'
import { userKind } from '../../domain/scim/schemas.ts'
import { invalidValue, ScimFault } from '../../domain/scim/scim-fault.ts'
import { addMemberIn, removeMemberIn } from '../organisations/members.ts'
import { accountFor, addressOf, changeAddress, followState, localeOf, nameOf } from './account-of-user.ts'
import type { Provisioner, ProvisioningNeeds, ProvisioningTransaction } from './needs.ts'
import { changedMeanwhile, orUniqueness, refuseOtherVersion } from './versions.ts'

const attributesLengthMax = 64 * 1024

const taken = () => new ScimFault(409, 'uniqueness', 'A user of the organisation has this name or address')
const missing = () => new ScimFault(404, null, 'There is no such user')

/** Throws ScimFault: `invalidValue`, `uniqueness`. */
export async function createScimUser(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  given: Resource,
): Promise<ScimUser> {
  const resource = readUser(given)
  const email = addressOf(engine, resource)
  const { organisation } = provisioner
  const write = engine.store.transaction(async (tx) => {
    const userName = String(resource.userName).toLowerCase()
    if (await tx.scimUsers.findByName(organisation.id, userName)) throw taken()
    const { account, ownsAccount } = await accountFor(engine, tx, { provisioner, resource, email })
    if (await tx.scimUsers.findByAccount(organisation.id, account.id)) throw taken()
    const now = engine.clock.now()
    const user: ScimUser = {
      ...{ id: newScimUserId(engine), organisationId: organisation.id, accountId: account.id },
      ...rowOf(resource, email.value),
      ...{ ownsAccount, revision: 1, createdAt: now, updatedAt: now },
    }
    await tx.scimUsers.insert(user)
    await followMembership(engine, tx, provisioner, user)
    await followState(engine, tx, { provisioner, user })
    await record(engine, tx, provisioner, 'provisioned.user_created', user)
    return user
  })
  const user = await write.catch(orUniqueness(taken))
  await engine.revocations.poll()
  return user
}

/** Of the row, what follows from the attributes. */
const rowOf = (resource: Resource, email: string) => ({
  userName: String(resource.userName).toLowerCase(),
  externalId: typeof resource.externalId === 'string' ? resource.externalId : null,
  active: resource.active !== false,
  attributes: resource,
  email,
})

/** Throws `invalidValue`. */
function readUser(given: Resource): Resource {
  const resource = normaliseResource(userKind, { active: true, ...given })
  if (typeof resource.userName !== 'string') throw invalidValue('userName is required')
  if (JSON.stringify(resource).length > attributesLengthMax)
    throw invalidValue(`The attributes of a user have at most ${attributesLengthMax} characters`)
  return { ...resource, active: resource.active !== false }
}

/**
 * Changes a user by a function of its attributes; nothing where they stay the same. `version`: of `If-Match`.
 * Throws ScimFault.
 */
export async function changeScimUser(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  given: { id: ScimUserId; version: number | null; change(former: Resource): Resource },
): Promise<ScimUser> {
  const { organisation } = provisioner
  const write = engine.store.transaction(async (tx) => {
    const former = await tx.scimUsers.find({ organisationId: organisation.id, id: given.id })
    if (!former) throw missing()
    refuseOtherVersion(former, given.version)
    const resource = readUser(given.change(former.attributes))
    if (JSON.stringify(resource) === JSON.stringify(former.attributes)) return former
    const email = addressOf(engine, resource)
    const user: ScimUser = { ...former, ...rowOf(resource, email.value), updatedAt: engine.clock.now() }
    if (!(await tx.scimUsers.update(user))) throw changedMeanwhile()
    if (former.ownsAccount) await followProfile(engine, tx, { provisioner, former, user, email })
    if (user.active !== former.active) {
      await followMembership(engine, tx, provisioner, user)
      await followState(engine, tx, { provisioner, user })
    }
    await record(engine, tx, provisioner, 'provisioned.user_updated', user)
    return { ...user, revision: former.revision + 1 }
  })
  const user = await write.catch(orUniqueness(taken))
  await engine.revocations.poll()
  return user
}

async function followProfile(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  given: { provisioner: Provisioner; former: ScimUser; user: ScimUser; email: ReturnType<typeof addressOf> },
): Promise<void> {
  const { provisioner, former, user, email } = given
  const account = await tx.accounts.find(user.accountId)
  if (account?.role !== 'member') return
  const [name, locale] = [nameOf(user.attributes), localeOf(user.attributes)]
  if (name !== account.name || locale !== account.locale)
    await tx.accounts.update({ ...account, name, locale, now: engine.clock.now() })
  if (former.email !== user.email)
    await changeAddress(engine, tx, { provisioner, accountId: user.accountId, email })
}

/** An account that is not owned loses its membership instead of its state. */
async function followMembership(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  { organisation, token }: Provisioner,
  { accountId, active, ownsAccount }: Pick<ScimUser, 'accountId' | 'active' | 'ownsAccount'>,
): Promise<void> {
  const membership = await tx.memberships.find({ organisationId: organisation.id, accountId })
  const about = { organisation, accountId, actor: token.id }
  if (active && !membership) await addMemberIn(engine, tx, { ...about, roles: [], source: 'connection' })
  if (!active && membership && !ownsAccount) await leave(engine, tx, membership, token.id)
}

/** A way back in that an admin set up is not taken away by a directory. */
async function leave(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  membership: Membership,
  actor: string,
): Promise<void> {
  if (!membership.breakGlass) await removeMemberIn(engine, tx, { membership, actor })
}

/** Its account is disabled if the organisation owns it, and stays otherwise. Throws ScimFault: not found. */
export async function removeScimUser(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  id: ScimUserId,
): Promise<void> {
  const { organisation, token } = provisioner
  await engine.store.transaction(async (tx) => {
    const user = await tx.scimUsers.find({ organisationId: organisation.id, id })
    if (!user || !(await tx.scimUsers.remove({ organisationId: organisation.id, id }))) throw missing()
    const key = { organisationId: organisation.id, accountId: user.accountId }
    const membership = await tx.memberships.find(key)
    if (membership) await leave(engine, tx, membership, token.id)
    await followState(engine, tx, { provisioner, user: { ...user, active: false } })
    await record(engine, tx, provisioner, 'provisioned.user_removed', user)
  })
  await engine.revocations.poll()
}

const record = (
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  { organisation, token }: Provisioner,
  kind: 'provisioned.user_created' | 'provisioned.user_updated' | 'provisioned.user_removed',
  { id, accountId, active }: ScimUser,
): Promise<void> =>
  engine.audit.record(tx, {
    ...{ kind, actor: token.id, subject: accountId },
    details: { organisation: organisation.id, user: id, active: String(active) },
  })
