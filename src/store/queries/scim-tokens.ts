import type { OrganisationId, ScimTokenId } from '../../domain/id.ts'
import type { ScimToken } from '../../domain/provisioning.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface ScimTokenStore {
  insert(token: ScimToken): Promise<void>
  findBySecret(secretHash: string): Promise<ScimToken | undefined>
  list(organisationId: OrganisationId): Promise<ScimToken[]>
  markUsed(used: { id: ScimTokenId; now: number }): Promise<void>
  remove(token: { id: ScimTokenId; organisationId: OrganisationId }): Promise<boolean>
}

const tokenColumns = columnsOf<ScimToken>({
  id: 'plain',
  organisationId: 'plain',
  name: 'plain',
  secretHash: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
  lastUsedAt: 'plain',
})
const columns = tokenColumns.select()

const insertToken = sql('insertScimToken', `INSERT INTO scim_token ${tokenColumns.insert}`)
const findBySecret = sql(
  'findScimTokenBySecret',
  `SELECT ${columns} FROM scim_token WHERE secret_hash = :secretHash`,
)
const listTokens = sql(
  'listScimTokens',
  `SELECT ${columns} FROM scim_token WHERE organisation_id = :organisationId ORDER BY id`,
)
const markUsed = sql('markScimTokenUsed', 'UPDATE scim_token SET last_used_at = :now WHERE id = :id')
const removeToken = sql(
  'removeScimToken',
  'DELETE FROM scim_token WHERE id = :id AND organisation_id = :organisationId',
)

export function scimTokenStore(db: Queryable): ScimTokenStore {
  const { toRow, fromRow, fromRowIfAny } = tokenColumns
  return {
    async insert(token) {
      await db.change(insertToken, toRow(token))
    },
    findBySecret: async (secretHash) => fromRowIfAny(await db.row(findBySecret, { secretHash })),
    list: async (organisationId) => (await db.rows<SqlValues>(listTokens, { organisationId })).map(fromRow),
    async markUsed(used) {
      await db.change(markUsed, used)
    },
    remove: async (token) => (await db.change(removeToken, token)) === 1,
  }
}
