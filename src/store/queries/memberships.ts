import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { Membership, Organisation } from '../../domain/organisation.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'
import { organisationColumns } from './organisations.ts'

type Key = Pick<Membership, 'organisationId' | 'accountId'>

export interface OfAccount extends Membership {
  organisation: Organisation
}

export interface MembershipStore {
  /** Throws UniqueViolation if the account is a member already. */
  insert(membership: Membership): Promise<void>
  find(key: Key): Promise<Membership | undefined>
  list(organisationId: OrganisationId, page: Page<AccountId>): Promise<Membership[]>
  /** Those of an account in active organisations, in the order of their names. */
  listOfAccount(accountId: AccountId, limit: number): Promise<OfAccount[]>
  /** Of accounts whose ids are in a range, both ends included. */
  listOfRange(range: { from: AccountId; to: AccountId }): Promise<Membership[]>
  countAdmins(organisationId: OrganisationId): Promise<number>
  /** False if it is gone. */
  update(change: Omit<Membership, 'source' | 'createdAt'>): Promise<boolean>
  remove(key: Key): Promise<boolean>
}

export const membershipColumns = columnsOf<Membership>({
  organisationId: 'plain',
  accountId: 'plain',
  roles: 'json',
  isAdmin: 'flag',
  source: 'plain',
  breakGlass: 'flag',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = membershipColumns.select()
const isIt = 'organisation_id = :organisationId AND account_id = :accountId'

const insertMembership = sql('insertMembership', `INSERT INTO membership ${membershipColumns.insert}`)
const findMembership = sql('findMembership', `SELECT ${columns} FROM membership WHERE ${isIt}`)
const listMemberships = sql(
  'listMemberships',
  `SELECT ${columns} FROM membership WHERE organisation_id = :organisationId AND account_id > :after
    ORDER BY account_id LIMIT :limit`,
)
const listOfAccount = sql(
  'listMembershipsOfAccount',
  `SELECT ${membershipColumns.select('m')} FROM membership m JOIN organisation o ON o.id = m.organisation_id AND o.state = 'active'
    WHERE m.account_id = :accountId ORDER BY o.name, o.id LIMIT :limit`,
)
const listOrganisations = sql(
  'listOrganisationsOfAccount',
  `SELECT ${organisationColumns.select('o')} FROM membership m JOIN organisation o ON o.id = m.organisation_id AND o.state = 'active'
    WHERE m.account_id = :accountId ORDER BY o.name, o.id LIMIT :limit`,
)
const listMembershipsOfRange = sql(
  'listMembershipsOfRange',
  `SELECT ${columns} FROM membership WHERE account_id >= :from AND account_id <= :to ORDER BY account_id, organisation_id`,
)
const countAdmins = sql(
  'countAdmins',
  'SELECT COUNT(*) AS "count" FROM membership WHERE organisation_id = :organisationId AND is_admin = 1',
)
const updateMembership = sql(
  'updateMembership',
  `UPDATE membership SET roles = :roles, is_admin = :isAdmin, break_glass = :breakGlass, updated_at = :updatedAt
    WHERE ${isIt}`,
)
const removeMembership = sql('removeMembership', `DELETE FROM membership WHERE ${isIt}`)

export function membershipStore(db: Queryable): MembershipStore {
  const { toRow, fromRow, fromRowIfAny } = membershipColumns
  return {
    async insert(membership) {
      await db.change(insertMembership, toRow(membership))
    },
    find: async (key) => fromRowIfAny(await db.row(findMembership, key)),
    list: async (organisationId, { after, limit }) =>
      (await db.rows<SqlValues>(listMemberships, { organisationId, after: after ?? '', limit })).map(fromRow),
    async listOfAccount(accountId, limit) {
      const rows = await db.rows<SqlValues>(listOfAccount, { accountId, limit })
      const organisations = await db.rows<SqlValues>(listOrganisations, { accountId, limit })
      const byId = new Map(organisations.map((row) => [row.id, organisationColumns.fromRow(row)]))
      return rows.flatMap((row) => {
        const [membership, organisation] = [fromRow(row), byId.get(row.organisationId as string)]
        return organisation ? [{ ...membership, organisation }] : []
      })
    },
    listOfRange: async (range) => (await db.rows<SqlValues>(listMembershipsOfRange, range)).map(fromRow),
    countAdmins: async (organisationId) =>
      (await db.row<{ count: number }>(countAdmins, { organisationId }))?.count ?? 0,
    async update({ organisationId, accountId, roles, isAdmin, breakGlass, updatedAt }) {
      const change = { organisationId, accountId, roles, isAdmin, breakGlass, updatedAt }
      return (await db.change(updateMembership, toRow(change))) === 1
    },
    remove: async (key) => (await db.change(removeMembership, key)) === 1,
  }
}
