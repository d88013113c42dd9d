import { type Client, defaultClientSettings } from '../../domain/client.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import { sql } from '../statement.ts'

export interface ClientStore {
  /** Throws UniqueViolation where its id is taken. */
  insert(client: Client): Promise<void>
  find(id: string): Promise<Client | undefined>
  list(page: Page<string>): Promise<Client[]>
  /** False where `revision` is no longer the current one. */
  update(change: Pick<Client, 'id' | 'revision' | 'metadata' | 'settings' | 'secrets'> & { now: number }): Promise<boolean>
  /** Takes its grants, consents and what it holds with it; their tokens are refused until `revocationExpiresAt`. */
  remove(removal: { id: string; now: number; revocationExpiresAt: number }): Promise<boolean>
}

const columns = `id, metadata, settings, secrets, revision, created_at AS "createdAt", updated_at AS "updatedAt"`

const insertClient = sql(
  'insertClient',
  `INSERT INTO client (id, metadata, settings, secrets, revision, created_at, updated_at)
   VALUES (:id, :metadata, :settings, :secrets, :revision, :createdAt, :updatedAt)`,
)
const findClient = sql('findClient', `SELECT ${columns} FROM client WHERE id = :id`)
const listClients = sql('listClients', `SELECT ${columns} FROM client WHERE id > :after ORDER BY id LIMIT :limit`)
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

type Json = 'metadata' | 'settings' | 'secrets'
type Row = Omit<Client, Json> & Record<Json, string>
const fromRow = (row: Row): Client => ({
  ...row,
  metadata: JSON.parse(row.metadata),
  settings: { ...defaultClientSettings, ...JSON.parse(row.settings) },
  secrets: JSON.parse(row.secrets),
})
const toRow = ({ metadata, settings, secrets }: Pick<Client, Json>): Record<Json, string> => ({
  metadata: JSON.stringify(metadata),
  settings: JSON.stringify(settings),
  secrets: JSON.stringify(secrets),
})

export function clientStore(db: Queryable): ClientStore {
  return {
    async insert(client) {
      await db.change(insertClient, { ...client, ...toRow(client) })
    },
    async find(id) {
      const row = await db.row<Row>(findClient, { id })
      return row && fromRow(row)
    },
    list: async ({ after, limit }) => (await db.rows<Row>(listClients, { after: after ?? '', limit })).map(fromRow),
    update: async ({ id, revision, now, ...client }) => (await db.change(updateClient, { id, revision, now, ...toRow(client) })) === 1,
    async remove({ id, now, revocationExpiresAt }) {
      await db.change(revokeGrantsOfClient, { id, now, revocationExpiresAt })
      return (await db.change(removeClient, { id })) === 1
    },
  }
}
