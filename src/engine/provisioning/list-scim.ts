import { toTimestamp } from '../../domain/clock.ts'
import type { OrganisationId } from '../../domain/id.ts'
import type { ScimGroup, ScimUser } from '../../domain/provisioning.ts'
import { type Condition, compileFilter, type StoredAttribute } from '../../domain/scim/condition.ts'
import { equalTo, type Filter, fits } from '../../domain/scim/filter.ts'
import { groupKind, type ResourceKind, userKind } from '../../domain/scim/schemas.ts'
import { ScimFault } from '../../domain/scim/scim-fault.ts'
import type { LongLists } from './long-lists.ts'
import type { ProvisioningNeeds } from './needs.ts'

const rowsPerPage = 500
/** A filter of which the database decides a part only reads at most so many. */
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

type Stored = ScimUser | ScimGroup

/** Rows of one kind, and what filters say of them. */
interface Source<Row extends Stored> {
  kind: ResourceKind
  columns: ReadonlyMap<string, StoredAttribute>
  store: {
    list(page: Page): Promise<Row[]>
    count(organisationId: OrganisationId): Promise<number>
    listWhere(page: Page & { where: Condition }): Promise<Row[]>
    countWhere(count: { organisationId: OrganisationId; where: Condition }): Promise<number>
  }
}

const common = [
  ['id', { column: 'id', stored: 'exact' }],
  ['externalid', { column: 'external_id', stored: 'exact' }],
  ['meta.created', { column: 'created_at', stored: 'time' }],
  ['meta.lastmodified', { column: 'updated_at', stored: 'time' }],
] as const
const userColumns = new Map<string, StoredAttribute>([
  ...common,
  ['username', { column: 'user_name', stored: 'folded' }],
  ['active', { column: 'active', stored: 'flag' }],
])
const groupColumns = new Map<string, StoredAttribute>([
  ...common,
  ['displayname', { column: 'display_name', stored: 'folded' }],
])

/** In the order of their ids. Throws ScimFault `tooMany` where too many had to be read. */
export async function listScimUsers(
  { store: { scimUsers }, longLists }: Pick<ProvisioningNeeds, 'store' | 'longLists'>,
  wanted: Wanted,
): Promise<ScimPage<ScimUser>> {
  const { organisationId, filter } = wanted
  const source = { kind: userKind, columns: userColumns, store: scimUsers }
  if (!filter) return listAll(source, longLists, wanted)
  // Most often the account's, which has an index; another address is looked for below.
  const email = equalTo(filter, 'emails.value')
  if (email !== undefined) {
    const found = await scimUsers.listByEmail(organisationId, email.toLowerCase())
    if (found.length > 0) return pageOf(found, { ...wanted, filter }, userKind)
  }
  return listFitting(source, { ...wanted, filter })
}

/** The same of groups. */
export async function listScimGroups(
  { store: { scimGroups } }: Pick<ProvisioningNeeds, 'store'>,
  { filter, ...page }: Wanted,
): Promise<ScimPage<ScimGroup>> {
  const source = { kind: groupKind, columns: groupColumns, store: scimGroups }
  if (filter) return listFitting(source, { ...page, filter })
  return { total: await scimGroups.count(page.organisationId), rows: await pageFrom(scimGroups, page) }
}

type Page = Omit<Wanted, 'filter'>

async function listAll<Row extends Stored>(
  { store }: Source<Row>,
  longLists: LongLists,
  page: Page,
): Promise<ScimPage<Row>> {
  const { organisationId, offset } = page
  const total = await longLists.count(organisationId, () => store.count(organisationId))
  const after = longLists.before(organisationId, offset)
  const onward: Condition | undefined =
    after === undefined ? undefined : { op: 'gt', column: 'id', value: after }
  const rows = onward
    ? await store.listWhere({ ...page, offset: 0, where: onward })
    : await pageFrom(store, page)
  const lastId = rows.at(-1)?.id
  if (lastId !== undefined) longLists.note({ organisationId, end: offset + rows.length, lastId })
  return { total, rows }
}

const pageFrom = async <Row extends Stored>({ list }: Pick<Source<Row>['store'], 'list'>, page: Page) =>
  page.limit === 0 ? [] : list(page)

async function listFitting<Row extends Stored>(
  source: Source<Row>,
  { filter, ...page }: Filtered,
): Promise<ScimPage<Row>> {
  const { columns, store } = source
  const { organisationId, limit } = page
  const { condition: where, isWhole } = compileFilter(filter, columns)
  if (where && isWhole)
    return {
      total: await store.countWhere({ organisationId, where }),
      rows: limit === 0 ? [] : await store.listWhere({ ...page, where }),
    }
  return readAll(source, { ...page, filter }, where)
}

type Filtered = Wanted & { filter: Filter }

const describe = ({ attributes, id, createdAt, updatedAt }: Stored) => ({
  ...attributes,
  ...{ id, meta: { created: toTimestamp(createdAt), lastModified: toTimestamp(updatedAt) } },
})

function pageOf<Row extends Stored>(
  rows: readonly Row[],
  { filter, offset, limit }: Filtered,
  kind: ResourceKind,
): ScimPage<Row> {
  const fitting = rows.filter((row) => fits(filter, describe(row), kind))
  return { total: fitting.length, rows: fitting.slice(offset, offset + limit) }
}

/** Decides here what the database cannot, of those rows that it says may fit. */
async function readAll<Row extends Stored>(
  { kind, store }: Source<Row>,
  wanted: Filtered,
  where: Condition | null,
): Promise<ScimPage<Row>> {
  const { organisationId, filter, offset, limit } = wanted
  const rows: Row[] = []
  let total = 0
  let after = ''
  for (let seen = 0; ; ) {
    const onward: Condition = { op: 'gt', column: 'id', value: after }
    const page = await store.listWhere({
      ...{ organisationId, offset: 0, limit: rowsPerPage },
      where: where ? { op: 'and', of: [onward, where] } : onward,
    })
    seen += page.length
    for (const row of page) {
      if (!fits(filter, describe(row), kind)) continue
      if (total >= offset && rows.length < limit) rows.push(row)
      total++
    }
    const last = page.at(-1)
    if (!last || page.length < rowsPerPage) return { total, rows }
    if (seen >= rowsReadMax)
      throw new ScimFault(
        400,
        'tooMany',
        'Filter by userName, externalId, id, active, meta or emails.value as well',
      )
    after = last.id
  }
}
