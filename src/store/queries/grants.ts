import type { ClientGrant } from '../../domain/grant.ts'
import type { GrantStore } from '../client-stores.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

const columns = `client_grant.id, client_grant.session_id AS "sessionId", client_grant.account_id AS "accountId",
  client_grant.client_id AS "clientId", client_grant.status, client_grant.payload, client_grant.created_at AS "createdAt",
  client_grant.expires_at AS "expiresAt", client_grant.ended_at AS "endedAt"`

const putGrant = sql(
  'putGrant',
  `INSERT INTO client_grant (id, session_id, account_id, client_id, status, payload, created_at, expires_at)
   VALUES (:id, :sessionId, :accountId, :clientId, :status, :payload, :createdAt, :expiresAt)
   ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
)
const findGrant = sql(
  'findGrant',
  `SELECT ${columns} FROM client_grant JOIN session ON session.id = client_grant.session_id
    WHERE client_grant.id = :id AND client_grant.ended_at IS NULL AND session.ended_at IS NULL`,
)
const listGrants = sql(
  'listGrants',
  `SELECT ${columns} FROM client_grant JOIN session ON session.id = client_grant.session_id
    WHERE client_grant.account_id = :accountId AND client_grant.ended_at IS NULL AND session.ended_at IS NULL ORDER BY client_grant.id`,
)
const endGrant = sql('endGrant', 'UPDATE client_grant SET ended_at = :now WHERE id = :id AND ended_at IS NULL')
const revokeGrant = sql(
  'revokeGrant',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:forgetAt AS BIGINT) FROM client_grant WHERE id = :id ON CONFLICT (subject) DO NOTHING`,
)
const ofPair = 'account_id = :accountId AND client_id = :clientId AND ended_at IS NULL'
const revokeGrantsOfPair = sql(
  'revokeGrantsOfPair',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:forgetAt AS BIGINT) FROM client_grant WHERE ${ofPair} ON CONFLICT (subject) DO NOTHING`,
)
const endGrantsOfPair = sql('endGrantsOfPair', `UPDATE client_grant SET ended_at = :now WHERE ${ofPair}`)
const listDueLogouts = sql(
  'listDueLogouts',
  `SELECT ${columns} FROM client_grant WHERE logout_next_at IS NOT NULL AND logout_next_at <= :now ORDER BY logout_next_at LIMIT :limit`,
)
const leaseLogout = sql(
  'leaseLogout',
  `UPDATE client_grant SET logout_next_at = :nextAt, logout_tries = logout_tries + 1
    WHERE id = :id AND logout_next_at IS NOT NULL AND logout_next_at <= :now RETURNING logout_tries AS "tries"`,
)
const postponeLogout = sql('postponeLogout', 'UPDATE client_grant SET logout_next_at = :nextAt WHERE id = :id')
const settleLogout = sql('settleLogout', 'UPDATE client_grant SET logout_next_at = NULL WHERE id = :id')
const purgeGrants = sql('purgeGrants', 'DELETE FROM client_grant WHERE expires_at < :now AND logout_next_at IS NULL')

type Row = Omit<ClientGrant, 'payload'> & { payload: string }
const fromRow = (row: Row): ClientGrant => ({ ...row, payload: JSON.parse(row.payload) })

export function grantStore(db: Queryable): GrantStore {
  return {
    async put({ payload, ...grant }) {
      await db.change(putGrant, { ...grant, payload: JSON.stringify(payload) })
    },
    async find(id) {
      const row = await db.row<Row>(findGrant, { id })
      return row && fromRow(row)
    },
    listByAccount: async (accountId) => (await db.rows<Row>(listGrants, { accountId })).map(fromRow),
    async end({ id, now, forgetAt }) {
      const ended = (await db.change(endGrant, { id, now })) === 1
      if (ended) await db.change(revokeGrant, { id, now, forgetAt })
      return ended
    },
    async endAll(end) {
      await db.change(revokeGrantsOfPair, end)
      const { accountId, clientId, now } = end
      return db.change(endGrantsOfPair, { accountId, clientId, now })
    },
    listDueLogouts: async (due) => (await db.rows<Row>(listDueLogouts, due)).map(fromRow),
    leaseLogout: (lease) => db.row<{ tries: number }>(leaseLogout, lease),
    async postponeLogout(postpone) {
      await db.change(postponeLogout, postpone)
    },
    async settleLogout(id) {
      await db.change(settleLogout, { id })
    },
    purge: (now) => db.change(purgeGrants, { now }),
  }
}
