import type { AccountId, OrganisationId, ScimUserId } from '../../domain/id.ts'
import type { ScimUser } from '../../domain/provisioning.ts'
import { columnsOf } from '../columns.ts'
import { type ConditionQueries, createConditionQueries } from '../condition-sql.ts'
import type { Database, Queryable } from '../database.ts'
import { overPairs } from '../json-list.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

type Key = { organisationId: OrganisationId; id: ScimUserId }

export interface ScimUserStore extends ConditionQueries<ScimUser> {
  /** Throws UniqueViolation if its name is taken, or its account stands for another of the organisation. */
  insert(user: ScimUser): Promise<void>
  find(key: Key): Promise<ScimUser | undefined>
  findByName(organisationId: OrganisationId, userName: string): Promise<ScimUser | undefined>
  findByAccount(organisationId: OrganisationId, accountId: AccountId): Promise<ScimUser | undefined>
  /** Those that the account stands for, in all organisations. */
  listOfAccount(accountId: AccountId): Promise<ScimUser[]>
  listByEmail(organisationId: OrganisationId, email: string): Promise<ScimUser[]>
  /** In the order of their ids, from an offset on. */
  list(page: { organisationId: OrganisationId; offset: number; limit: number }): Promise<ScimUser[]>
  count(organisationId: OrganisationId): Promise<number>
  /** Which of these the organisation has. */
  findIds(organisationId: OrganisationId, ids: readonly string[]): Promise<ScimUserId[]>
  /** False if `revision` is no longer the current one. Throws UniqueViolation if its name is taken. */
  update(user: ScimUser): Promise<boolean>
  remove(key: Key): Promise<boolean>
}

export const scimUserColumns = columnsOf<ScimUser>({
  id: 'plain',
  organisationId: 'plain',
  accountId: 'plain',
  userName: 'plain',
  externalId: 'plain',
  email: 'plain',
  active: 'flag',
  ownsAccount: 'flag',
  attributes: 'json',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = scimUserColumns.select()
const countOfOrganisation =
  'SELECT COUNT(*) AS "count" FROM scim_user WHERE organisation_id = :organisationId'
const ofOrganisation = `SELECT ${columns} FROM scim_user WHERE organisation_id = :organisationId`

const insertUser = sql('insertScimUser', `INSERT INTO scim_user ${scimUserColumns.insert}`)
const findUser = sql('findScimUser', `${ofOrganisation} AND id = :id`)
const findByName = sql('findScimUserByName', `${ofOrganisation} AND user_name = :userName`)
const findByAccount = sql('findScimUserByAccount', `${ofOrganisation} AND account_id = :accountId`)
const listOfAccount = sql(
  'listScimUsersOfAccount',
  `SELECT ${columns} FROM scim_user WHERE account_id = :accountId ORDER BY organisation_id LIMIT 200`,
)
const listByEmail = sql('listScimUsersByEmail', `${ofOrganisation} AND email = :email ORDER BY id LIMIT 200`)
const listUsers = sql('listScimUsers', `${ofOrganisation} ORDER BY id LIMIT :limit OFFSET :offset`)
const countUsers = sql('countScimUsers', countOfOrganisation)
const findIds = overPairs(
  'findScimUserIds',
  (given) => `SELECT u.id FROM ${given} n JOIN scim_user u ON u.id = n.text AND u.organisation_id = n.kind`,
)
const updateUser = sql(
  'updateScimUser',
  `UPDATE scim_user SET user_name = :userName, external_id = :externalId, email = :email, active = :active,
     owns_account = :ownsAccount, attributes = :attributes, revision = revision + 1, updated_at = :updatedAt
    WHERE id = :id AND organisation_id = :organisationId AND revision = :revision`,
)
const removeUser = sql(
  'removeScimUser',
  'DELETE FROM scim_user WHERE id = :id AND organisation_id = :organisationId',
)

export function scimUserStore(db: Queryable, engine: Database['engine']): ScimUserStore {
  const { toRow, fromRow, fromRowIfAny } = scimUserColumns
  const many = async (statement: Parameters<Queryable['rows']>[0], values: SqlValues) =>
    (await db.rows<SqlValues>(statement, values)).map(fromRow)
  return {
    async insert(user) {
      await db.change(insertUser, toRow(user))
    },
    find: async (key) => fromRowIfAny(await db.row(findUser, key)),
    findByName: async (organisationId, userName) =>
      fromRowIfAny(await db.row(findByName, { organisationId, userName })),
    findByAccount: async (organisationId, accountId) =>
      fromRowIfAny(await db.row(findByAccount, { organisationId, accountId })),
    listOfAccount: (accountId) => many(listOfAccount, { accountId }),
    listByEmail: (organisationId, email) => many(listByEmail, { organisationId, email }),
    list: (page) => many(listUsers, page),
    ...createConditionQueries(db, { engine, rows: ofOrganisation, count: countOfOrganisation, fromRow }),
    count: async (organisationId) =>
      (await db.row<{ count: number }>(countUsers, { organisationId }))?.count ?? 0,
    async findIds(organisationId, ids) {
      if (ids.length === 0) return []
      const pairs = JSON.stringify(ids.map((id) => [organisationId, id]))
      return (await db.rows<{ id: ScimUserId }>(findIds[engine], { pairs })).map(({ id }) => id)
    },
    async update(user) {
      const { accountId, createdAt, ...change } = toRow(user)
      return (await db.change(updateUser, change)) === 1
    },
    remove: async (key) => (await db.change(removeUser, key)) === 1,
  }
}
