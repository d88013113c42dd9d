import { type Client, defaultClientSettings } from '../../domain/client.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface ClientStore {
  /** Throws UniqueViolation if its id is taken. */
  insert(client: Client): Promise<void>
  find(id: string): Promise<Client | undefined>
  list(page: Page<string>): Promise<Client[]>
  /** False if `revision` is no longer the current one. */
  update(
    change: Pick<Client, 'id' | 'revision' | 'metadata' | 'settings' | 'secrets'> & { now: number },
  ): Promise<boolean>
  /**
   * Takes its grants, consents and what it holds with it; their tokens are refused until
   * `revocationExpiresAt`.
   */
  remove(removal: { id: string; now: number; revocationExpiresAt: number }): Promise<boolean>
}

const clientColumns = columnsOf<Client>({
  id: 'plain',
  metadata: 'json',
  settings: 'json',
  secrets: 'json',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = clientColumns.select()

const insertClient = sql('insertClient', `INSERT INTO client ${clientColumns.insert}`)
const findClient = sql('findClient', `SELECT ${columns} FROM client WHERE id = :id`)
const listClients = sql(
  'listClients',
  `SELECT ${columns} FROM client WHERE id > :after ORDER BY id LIMIT :limit`,
)
const updateClient = sql(
  'updateClient',
  `UPDATE client SET metadata = :metadata, settings = :settings, secrets = :secrets, revision = revision + 1, updated_at = :now
    WHERE id = :id AND revision = :revision`,
)
const revokeGrantsOfClient = sql(
  'revokeGrantsOfClient',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:revocationExpiresAt AS BIGINT) FROM client_grant WHERE client_id = :id AND ended_at IS NULL
   ON CONFLICT (subject) DO NOTHING`,
)
const removeClient = sql('removeClient', 'DELETE FROM client WHERE id = :id')

// A setting that is newer than the row has its default.
const fromRow = (row: SqlValues): Client => {
  const client = clientColumns.fromRow(row)
  return { ...client, settings: { ...defaultClientSettings, ...client.settings } }
}

export function clientStore(db: Queryable): ClientStore {
  return {
    async insert(client) {
      await db.change(insertClient, clientColumns.toRow(client))
    },
    async find(id) {
      const row = await db.row<SqlValues>(findClient, { id })
      return row && fromRow(row)
    },
    list: async ({ after, limit }) =>
      (await db.rows<SqlValues>(listClients, { after: after ?? '', limit })).map(fromRow),
    update: async ({ now, ...client }) =>
      (await db.change(updateClient, { ...clientColumns.toRow(client), now })) === 1,
    async remove({ id, now, revocationExpiresAt }) {
      await db.change(revokeGrantsOfClient, { id, now, revocationExpiresAt })
      return (await db.change(removeClient, { id })) === 1
    },
  }
}
