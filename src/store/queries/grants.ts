import type { ClientGrant } from '../../domain/grant.ts'
import type { AccountId, GrantId } from '../../domain/id.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'
import { sessionInUse } from './session-in-use.ts'

export interface GrantStore {
  /** Inserts, or replaces what it allows. */
  put(grant: Omit<ClientGrant, 'endedAt'>): Promise<void>
  /** Undefined if it has ended or, unless it is offline, its session has. */
  find(grant: { id: GrantId; now: number; idleSince: number }): Promise<ClientGrant | undefined>
  listByAccount(grants: { accountId: AccountId; now: number; idleSince: number }): Promise<ClientGrant[]>
  /** With all that was issued under it. False if it had ended already. */
  end(end: { id: GrantId; now: number; revocationExpiresAt: number }): Promise<boolean>
  endAll(end: {
    accountId: AccountId
    clientId: string
    now: number
    revocationExpiresAt: number
  }): Promise<number>
  purge(now: number): Promise<number>
}

const grantColumns = columnsOf<ClientGrant>({
  id: 'plain',
  sessionId: 'plain',
  accountId: 'plain',
  clientId: 'plain',
  status: 'plain',
  payload: 'json',
  isOffline: { column: 'offline', stored: 'flag' },
  createdAt: 'plain',
  expiresAt: 'plain',
  endedAt: 'plain',
  organisationId: 'plain',
})
const columns = grantColumns.select('client_grant')

const putGrant = sql(
  'putGrant',
  `INSERT INTO client_grant ${grantColumns.insert}
   ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, offline = excluded.offline, expires_at = excluded.expires_at`,
)
// An offline grant outlives its session; any other ends with it.
const inForce = `FROM client_grant LEFT JOIN session ON session.id = client_grant.session_id
    WHERE client_grant.ended_at IS NULL AND client_grant.expires_at > :now
      AND (client_grant.offline = 1
        OR (${sessionInUse}))`
const findGrant = sql('findGrant', `SELECT ${columns} ${inForce} AND client_grant.id = :id`)
const listGrants = sql(
  'listGrants',
  `SELECT ${columns} ${inForce} AND client_grant.account_id = :accountId ORDER BY client_grant.id`,
)
const endGrant = sql(
  'endGrant',
  'UPDATE client_grant SET ended_at = :now WHERE id = :id AND ended_at IS NULL',
)
const revokeGrant = sql(
  'revokeGrant',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:revocationExpiresAt AS BIGINT) FROM client_grant WHERE id = :id ON CONFLICT (subject) DO NOTHING`,
)
// What was exchanged for one of its tokens (RFC 8693) ends with it.
const childrenOf = `FROM client_grant WHERE ended_at IS NULL AND account_id = (SELECT account_id FROM client_grant AS parent WHERE parent.id = :id)
     AND payload LIKE :child`
const revokeChildren = sql(
  'revokeChildrenOfGrant',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:revocationExpiresAt AS BIGINT) ${childrenOf} ON CONFLICT (subject) DO NOTHING`,
)
const ofPair = 'account_id = :accountId AND client_id = :clientId AND ended_at IS NULL'
const revokeGrantsOfPair = sql(
  'revokeGrantsOfPair',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at)
   SELECT id, status, CAST(:now AS BIGINT), CAST(:revocationExpiresAt AS BIGINT) FROM client_grant WHERE ${ofPair} ON CONFLICT (subject) DO NOTHING`,
)
const endGrantsOfPair = sql('endGrantsOfPair', `UPDATE client_grant SET ended_at = :now WHERE ${ofPair}`)
const purgeGrants = deleteBatch('purgeGrants', {
  table: 'client_grant',
  key: 'id',
  where: 'expires_at < :now',
})

export function grantStore(db: Queryable): GrantStore {
  return {
    async put(grant) {
      await db.change(putGrant, grantColumns.toRow({ ...grant, endedAt: null }))
    },
    find: async (grant) => grantColumns.fromRowIfAny(await db.row(findGrant, grant)),
    listByAccount: async (grants) => (await db.rows<SqlValues>(listGrants, grants)).map(grantColumns.fromRow),
    async end({ id, now, revocationExpiresAt }) {
      const ended = (await db.change(endGrant, { id, now })) === 1
      if (!ended) return false
      await db.change(revokeGrant, { id, now, revocationExpiresAt })
      await db.change(revokeChildren, { id, now, revocationExpiresAt, child: `%"parent":"${id}"%` })
      return true
    },
    async endAll(end) {
      await db.change(revokeGrantsOfPair, end)
      const { accountId, clientId, now } = end
      return db.change(endGrantsOfPair, { accountId, clientId, now })
    },
    purge: (now) => purgeBy(db, purgeGrants, { now }),
  }
}
