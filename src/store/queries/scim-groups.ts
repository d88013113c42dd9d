import type { OrganisationId, ScimGroupId, ScimUserId } from '../../domain/id.ts'
import type { ScimGroup } from '../../domain/provisioning.ts'
import { columnsOf } from '../columns.ts'
import { type ConditionQueries, createConditionQueries } from '../condition-sql.ts'
import type { Database, Queryable } from '../database.ts'
import { overPairs } from '../json-list.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

type Key = { organisationId: OrganisationId; id: ScimGroupId }

export interface GroupMember {
  userId: ScimUserId
  /** The user's attribute, for people. */
  userName: string
}

export interface ScimGroupStore extends ConditionQueries<ScimGroup> {
  /** Throws UniqueViolation if its name is taken. */
  insert(group: ScimGroup): Promise<void>
  find(key: Key): Promise<ScimGroup | undefined>
  findByName(organisationId: OrganisationId, displayName: string): Promise<ScimGroup | undefined>
  list(page: { organisationId: OrganisationId; offset: number; limit: number }): Promise<ScimGroup[]>
  count(organisationId: OrganisationId): Promise<number>
  /** Those of a user, by their names. */
  listOfUser(userId: ScimUserId): Promise<ScimGroup[]>
  /** Locks it until the transaction ends. False if `revision` is no longer the current one. */
  update(group: ScimGroup): Promise<boolean>
  remove(key: Key): Promise<boolean>
  listMembers(id: ScimGroupId): Promise<GroupMember[]>
  /** Which of these are members. */
  findMembers(id: ScimGroupId, users: readonly string[]): Promise<ScimUserId[]>
  addMembers(id: ScimGroupId, users: readonly ScimUserId[]): Promise<void>
  removeMembers(id: ScimGroupId, users: readonly string[]): Promise<number>
  clearMembers(id: ScimGroupId): Promise<number>
}

const groupColumns = columnsOf<ScimGroup>({
  id: 'plain',
  organisationId: 'plain',
  displayName: 'plain',
  externalId: 'plain',
  attributes: 'json',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = groupColumns.select()
const countOfOrganisation =
  'SELECT COUNT(*) AS "count" FROM scim_group WHERE organisation_id = :organisationId'
const ofOrganisation = `SELECT ${columns} FROM scim_group WHERE organisation_id = :organisationId`

const insertGroup = sql('insertScimGroup', `INSERT INTO scim_group ${groupColumns.insert}`)
const findGroup = sql('findScimGroup', `${ofOrganisation} AND id = :id`)
const findByName = sql('findScimGroupByName', `${ofOrganisation} AND display_name = :displayName`)
const listGroups = sql('listScimGroups', `${ofOrganisation} ORDER BY id LIMIT :limit OFFSET :offset`)
const countGroups = sql('countScimGroups', countOfOrganisation)
const listOfUser = sql(
  'listScimGroupsOfUser',
  `SELECT ${groupColumns.select('g')} FROM scim_group_member m JOIN scim_group g ON g.id = m.group_id
    WHERE m.user_id = :userId ORDER BY g.display_name LIMIT 1000`,
)
const updateGroup = sql(
  'updateScimGroup',
  `UPDATE scim_group SET display_name = :displayName, external_id = :externalId, attributes = :attributes,
     revision = revision + 1, updated_at = :updatedAt
    WHERE id = :id AND organisation_id = :organisationId AND revision = :revision`,
)
const removeGroup = sql(
  'removeScimGroup',
  'DELETE FROM scim_group WHERE id = :id AND organisation_id = :organisationId',
)
const listMembers = sql(
  'listScimGroupMembers',
  `SELECT m.user_id AS "userId", u.user_name AS "userName" FROM scim_group_member m JOIN scim_user u ON u.id = m.user_id
    WHERE m.group_id = :id ORDER BY m.user_id`,
)
const findMembers = overPairs(
  'findScimGroupMembers',
  (given) =>
    `SELECT m.user_id AS "id" FROM ${given} n JOIN scim_group_member m ON m.group_id = n.kind AND m.user_id = n.text`,
)
const removeMembers = overPairs(
  'removeScimGroupMembers',
  (given) =>
    `DELETE FROM scim_group_member WHERE group_id = :id AND user_id IN (SELECT n.text FROM ${given} n)`,
)
const clearMembers = sql('clearScimGroupMembers', 'DELETE FROM scim_group_member WHERE group_id = :id')

export function scimGroupStore(db: Queryable, engine: Database['engine']): ScimGroupStore {
  const { toRow, fromRow, fromRowIfAny } = groupColumns
  const many = async (statement: Parameters<Queryable['rows']>[0], values: SqlValues) =>
    (await db.rows<SqlValues>(statement, values)).map(fromRow)
  const pairs = (id: string, users: readonly string[]) => JSON.stringify(users.map((user) => [id, user]))
  return {
    async insert(group) {
      await db.change(insertGroup, toRow(group))
    },
    find: async (key) => fromRowIfAny(await db.row(findGroup, key)),
    findByName: async (organisationId, displayName) =>
      fromRowIfAny(await db.row(findByName, { organisationId, displayName })),
    list: (page) => many(listGroups, page),
    ...createConditionQueries(db, { engine, rows: ofOrganisation, count: countOfOrganisation, fromRow }),
    count: async (organisationId) =>
      (await db.row<{ count: number }>(countGroups, { organisationId }))?.count ?? 0,
    listOfUser: (userId) => many(listOfUser, { userId }),
    async update(group) {
      const { createdAt, ...change } = toRow(group)
      return (await db.change(updateGroup, change)) === 1
    },
    remove: async (key) => (await db.change(removeGroup, key)) === 1,
    listMembers: (id) => db.rows<GroupMember>(listMembers, { id }),
    async findMembers(id, users) {
      if (users.length === 0) return []
      const found = await db.rows<{ id: ScimUserId }>(findMembers[engine], { pairs: pairs(id, users) })
      return found.map(({ id }) => id)
    },
    addMembers: (id, users) =>
      db.insertAll({
        table: 'scim_group_member',
        rows: users.map((user) => ({ group_id: id, user_id: user })),
      }),
    removeMembers: async (id, users) =>
      users.length === 0 ? 0 : db.change(removeMembers[engine], { id, pairs: pairs(id, users) }),
    clearMembers: (id) => db.change(clearMembers, { id }),
  }
}
