import { newScimGroupId, type ScimGroupId, type ScimUserId } from '../../domain/id.ts'
import type { ScimGroup } from '../../domain/provisioning.ts'
import { fits } from '../../domain/scim/filter.ts'
import { applyOperations, type Operation } from '../../domain/scim/patch.ts'
import {
  isObject,
  member,
  normaliseResource,
  normaliseValue,
  type Resource,
} from '../../domain/scim/resource.ts'
import { type Attribute, groupAttributes, groupKind, named } from '../../domain/scim/schemas.ts'
import { invalidValue, ScimFault } from '../../domain/scim/scim-fault.ts'
import type { Provisioner, ProvisioningNeeds, ProvisioningTransaction } from './needs.ts'
import { changedMeanwhile, orUniqueness, refuseOtherVersion } from './versions.ts'

const membersAttribute = named(groupAttributes, 'members') as Attribute
const usersPerStatement = 1_000

const missing = () => new ScimFault(404, null, 'There is no such group')

/** Throws ScimFault: `invalidValue`, `uniqueness`. */
export async function createScimGroup(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  given: Resource,
): Promise<ScimGroup> {
  const { organisation } = provisioner
  const [attributes, members] = [readGroup(given), idsIn(member(given, 'members'))]
  const now = engine.clock.now()
  const group: ScimGroup = {
    ...{ id: newScimGroupId(engine), organisationId: organisation.id, attributes },
    ...{ ...rowOf(attributes), revision: 1, createdAt: now, updatedAt: now },
  }
  const write = engine.store.transaction(async (tx) => {
    if (await tx.scimGroups.findByName(organisation.id, group.displayName)) throw taken()
    await tx.scimGroups.insert(group)
    await addMembers(tx, group, members)
    await record(engine, tx, provisioner, 'provisioned.group_created', group)
  })
  await write.catch(orUniqueness(taken))
  return group
}

const taken = () => new ScimFault(409, 'uniqueness', 'A group of the organisation has this name')

const rowOf = (attributes: Resource) => ({
  displayName: String(attributes.displayName).toLowerCase(),
  externalId: typeof attributes.externalId === 'string' ? attributes.externalId : null,
})

/** Without the members, which are rows of their own. */
function readGroup(given: Resource): Resource {
  const { members: _, ...attributes } = normaliseResource(groupKind, { ...given, members: undefined })
  if (typeof attributes.displayName !== 'string') throw invalidValue('displayName is required')
  return attributes
}

function idsIn(value: unknown): string[] {
  const list = (normaliseValue(membersAttribute, value) ?? []) as unknown[]
  return [
    ...new Set(list.flatMap((one) => (isObject(one) && typeof one.value === 'string' ? [one.value] : []))),
  ]
}

interface Change {
  id: ScimGroupId
  /** Of `If-Match`. */
  version: number | null
}

/** The whole group anew. Throws ScimFault. */
export function replaceScimGroup(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  { id, version, resource }: Change & { resource: Resource },
): Promise<ScimGroup> {
  const [attributes, members] = [readGroup(resource), idsIn(member(resource, 'members'))]
  return changeGroup(engine, provisioner, {
    ...{ id, version, attributes: () => attributes },
    async members(tx, group) {
      await tx.scimGroups.clearMembers(group.id)
      await addMembers(tx, group, members)
    },
  })
}

/** All operations or none, in their order. Throws ScimFault. */
export function patchScimGroup(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  { id, version, operations }: Change & { operations: readonly Operation[] },
): Promise<ScimGroup> {
  const isOfMembers = ({ path }: Operation): boolean => path?.attribute === membersAttribute
  const others = operations.filter((operation) => !isOfMembers(operation))
  return changeGroup(engine, provisioner, {
    ...{ id, version, attributes: (former) => readGroup(applyOperations(former, others)) },
    async members(tx, group) {
      for (const operation of operations.filter(isOfMembers)) await changeMembers(tx, group, operation)
    },
  })
}

async function changeGroup(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  given: Change & {
    attributes(former: Resource): Resource
    members(tx: ProvisioningTransaction, group: ScimGroup): Promise<void>
  },
): Promise<ScimGroup> {
  const { organisation } = provisioner
  const write = engine.store.transaction(async (tx) => {
    const former = await tx.scimGroups.find({ organisationId: organisation.id, id: given.id })
    if (!former) throw missing()
    refuseOtherVersion(former, given.version)
    const attributes = given.attributes(former.attributes)
    const group = { ...former, attributes, ...rowOf(attributes), updatedAt: engine.clock.now() }
    // First: it locks the group, so that changes of its members wait for each other.
    if (!(await tx.scimGroups.update(group))) throw changedMeanwhile()
    await given.members(tx, group)
    await record(engine, tx, provisioner, 'provisioned.group_updated', group)
    return { ...group, revision: former.revision + 1 }
  })
  return write.catch(orUniqueness(taken))
}

/** Throws `invalidValue` for one that is no user of the organisation. */
async function addMembers(
  tx: ProvisioningTransaction,
  { id, organisationId }: ScimGroup,
  users: readonly string[],
): Promise<void> {
  for (let from = 0; from < users.length; from += usersPerStatement) {
    const some = users.slice(from, from + usersPerStatement)
    const known = new Set<string>(await tx.scimUsers.findIds(organisationId, some))
    const unknown = some.find((user) => !known.has(user))
    if (unknown !== undefined) throw invalidValue(`There is no user ${unknown.slice(0, 100)}`)
    const present = new Set<string>(await tx.scimGroups.findMembers(id, some))
    await tx.scimGroups.addMembers(id, some.filter((user) => !present.has(user)) as ScimUserId[])
  }
}

async function changeMembers(
  tx: ProvisioningTransaction,
  group: ScimGroup,
  { op, path, value }: Operation,
): Promise<void> {
  const { scimGroups } = tx
  if (path?.filter) {
    const { filter } = path
    if (op !== 'remove') throw new ScimFault(400, 'noTarget', 'Members have nothing to replace')
    const ids = (await scimGroups.listMembers(group.id)).map(({ userId }) => userId)
    return removeAll(
      tx,
      group,
      ids.filter((value) => fits(filter, { value })),
    )
  }
  const users = idsIn(value)
  // Entra names in the value whom it removes; without a value it is everyone.
  if (op === 'remove' && value !== undefined && value !== null) return removeAll(tx, group, users)
  if (op !== 'add') await scimGroups.clearMembers(group.id)
  if (op !== 'remove') await addMembers(tx, group, users)
}

async function removeAll(
  { scimGroups }: ProvisioningTransaction,
  { id }: ScimGroup,
  users: readonly string[],
): Promise<void> {
  for (let from = 0; from < users.length; from += usersPerStatement)
    await scimGroups.removeMembers(id, users.slice(from, from + usersPerStatement))
}

/** Its members stay. Throws ScimFault: not found. */
export async function removeScimGroup(
  engine: ProvisioningNeeds,
  provisioner: Provisioner,
  id: ScimGroupId,
): Promise<void> {
  const organisationId = provisioner.organisation.id
  await engine.store.transaction(async (tx) => {
    const group = await tx.scimGroups.find({ organisationId, id })
    if (!group || !(await tx.scimGroups.remove({ organisationId, id }))) throw missing()
    await record(engine, tx, provisioner, 'provisioned.group_removed', group)
  })
}

const record = (
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  { organisation, token }: Provisioner,
  kind: 'provisioned.group_created' | 'provisioned.group_updated' | 'provisioned.group_removed',
  { id }: ScimGroup,
): Promise<void> =>
  engine.audit.record(tx, {
    ...{ kind, actor: token.id, subject: organisation.id },
    details: { group: id },
  })
