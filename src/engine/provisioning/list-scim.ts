import type { OrganisationId } from '../../domain/id.ts'
import type { ScimGroup, ScimUser } from '../../domain/provisioning.ts'
import { equalTo, type Filter, fits } from '../../domain/scim/filter.ts'
import { groupKind, type ResourceKind, userKind } from '../../domain/scim/schemas.ts'
import { ScimFault } from '../../domain/scim/scim-fault.ts'
import type { ProvisioningNeeds } from './needs.ts'

const rowsPerPage = 500
/** A filter without an index reads at most so many. */
const rowsReadMax = 20_000

export interface ScimPage<Row> {
  total: number
  rows: Row[]
}

interface Wanted {
  organisationId: OrganisationId
  filter: Filter | null
  /** From 0. */
  offset: number
  limit: number
}

/**
 * Names, ids and addresses are found by an index. Throws ScimFault `tooMany` where too many had to be read.
 */
export async function listScimUsers(
  { store: { scimUsers } }: Pick<ProvisioningNeeds, 'store'>,
  wanted: Wanted,
): Promise<ScimPage<ScimUser>> {
  const { organisationId, filter, offset, limit } = wanted
  if (!filter)
    return {
      total: await scimUsers.count(organisationId),
      rows: limit === 0 ? [] : await scimUsers.list({ organisationId, offset, limit }),
    }
  const equal = (path: string) => equalTo(filter, path)
  const [name, id, external, email] = [
    equal('userName'),
    equal('id'),
    equal('externalId'),
    equal('emails.value'),
  ]
  const found =
    name !== undefined
      ? [await scimUsers.findByName(organisationId, name.toLowerCase())]
      : id !== undefined
        ? [await scimUsers.find({ organisationId, id: id as ScimUser['id'] })]
        : external !== undefined
          ? await scimUsers.listByExternalId(organisationId, external)
          : undefined
  const candidates = found?.filter((user) => user !== undefined)
  // An address may be another than the account's, which alone has an index.
  const byEmail = email === undefined ? [] : await scimUsers.listByEmail(organisationId, email.toLowerCase())
  const describe = (user: ScimUser) => ({ ...user.attributes, id: user.id })
  if (!candidates && byEmail.length > 0) return pageOf(byEmail, { ...wanted, filter }, userKind, describe)
  return candidates
    ? pageOf(candidates, { ...wanted, filter }, userKind, describe)
    : readAll(
        (after) => scimUsers.listAfter({ organisationId, after, limit: rowsPerPage }),
        { ...wanted, filter },
        userKind,
        describe,
      )
}

export async function listScimGroups(
  { store: { scimGroups } }: Pick<ProvisioningNeeds, 'store'>,
  wanted: Wanted,
): Promise<ScimPage<ScimGroup>> {
  const { organisationId, filter, offset, limit } = wanted
  if (!filter)
    return {
      total: await scimGroups.count(organisationId),
      rows: limit === 0 ? [] : await scimGroups.list({ organisationId, offset, limit }),
    }
  const name = equalTo(filter, 'displayName')
  const describe = (group: ScimGroup) => ({ ...group.attributes, id: group.id })
  if (name === undefined)
    return readAll(
      (after) => scimGroups.listAfter({ organisationId, after, limit: rowsPerPage }),
      { ...wanted, filter },
      groupKind,
      describe,
    )
  const found = await scimGroups.findByName(organisationId, name.toLowerCase())
  return pageOf(found ? [found] : [], { ...wanted, filter }, groupKind, describe)
}

type Described<Row> = (row: Row) => Record<string, unknown>
type Filtered = Wanted & { filter: Filter }

function pageOf<Row>(
  rows: readonly Row[],
  { filter, offset, limit }: Filtered,
  kind: ResourceKind,
  describe: Described<Row>,
): ScimPage<Row> {
  const fitting = rows.filter((row) => fits(filter, describe(row), kind))
  return { total: fitting.length, rows: fitting.slice(offset, offset + limit) }
}

async function readAll<Row extends { id: string }>(
  read: (after: string) => Promise<Row[]>,
  wanted: Filtered,
  kind: ResourceKind,
  describe: Described<Row>,
): Promise<ScimPage<Row>> {
  const rows: Row[] = []
  let total = 0
  let after = ''
  for (let seen = 0; ; ) {
    const page = await read(after)
    seen += page.length
    for (const row of page) {
      if (!fits(wanted.filter, describe(row), kind)) continue
      if (total >= wanted.offset && rows.length < wanted.limit) rows.push(row)
      total++
    }
    const last = page.at(-1)
    if (!last || page.length < rowsPerPage) return { total, rows }
    if (seen >= rowsReadMax)
      throw new ScimFault(400, 'tooMany', 'Filter by userName, externalId, id or emails.value instead')
    after = last.id
  }
}
