import type { Credential } from '../../domain/credential.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'
import type { CredentialStore } from '../store.ts'

const columns = `id, account_id AS "accountId", kind, lookup, name, data, revision,
  created_at AS "createdAt", last_used_at AS "lastUsedAt"`

const insertCredential = sql(
  'insertCredential',
  `INSERT INTO credential (id, account_id, kind, lookup, name, data, revision, created_at, last_used_at)
   VALUES (:id, :accountId, :kind, :lookup, :name, :data, :revision, :createdAt, :lastUsedAt)`,
)
const listCredentials = sql('listCredentials', `SELECT ${columns} FROM credential WHERE account_id = :accountId ORDER BY id`)
const updateCredential = sql(
  'updateCredential',
  `UPDATE credential SET data = :data, revision = revision + 1, last_used_at = :now WHERE id = :id AND revision = :revision`,
)
const markCredentialUsed = sql('markCredentialUsed', 'UPDATE credential SET last_used_at = :now WHERE id = :id')
const removeCredentialKind = sql('removeCredentialKind', 'DELETE FROM credential WHERE account_id = :accountId AND kind = :kind')

type Row = Omit<Credential, 'data'> & { data: string }
const fromRow = (row: Row): Credential => ({ ...row, data: JSON.parse(row.data) })

export function credentialStore(db: Queryable): CredentialStore {
  return {
    async insert(credential) {
      await db.change(insertCredential, { ...credential, data: JSON.stringify(credential.data) })
    },
    listByAccount: async (accountId) => (await db.rows<Row>(listCredentials, { accountId })).map(fromRow),
    update: async ({ id, revision, data }, now) =>
      (await db.change(updateCredential, { id, revision, data: JSON.stringify(data), now })) === 1,
    markUsed: async (id, now) => (await db.change(markCredentialUsed, { id, now })) === 1,
    removeKind: (accountId, kind) => db.change(removeCredentialKind, { accountId, kind }),
  }
}
