import type { AccountId, GrantId } from '../../domain/id.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

/**
 * That one client is to be told of an ended session (OIDC Back-Channel Logout). Stays when the account and
 * the grant are gone.
 */
export interface LogoutNotice {
  grantId: GrantId
  clientId: string
  accountId: AccountId
  /** This one included. */
  tries: number
  createdAt: number
}

export interface LogoutStore {
  listDue(due: { now: number; limit: number }): Promise<GrantId[]>
  /** Leases one until `nextAt`; undefined if another node has it. */
  lease(lease: { grantId: GrantId; now: number; nextAt: number }): Promise<LogoutNotice | undefined>
  postpone(postpone: { grantId: GrantId; nextAt: number }): Promise<void>
  settle(grantId: GrantId): Promise<void>
}

const listDueLogouts = sql(
  'listDueLogouts',
  'SELECT grant_id AS "grantId" FROM logout_notice WHERE next_at <= :now ORDER BY next_at LIMIT :limit',
)
const leaseLogout = sql(
  'leaseLogout',
  `UPDATE logout_notice SET next_at = :nextAt, tries = tries + 1 WHERE grant_id = :grantId AND next_at <= :now
   RETURNING grant_id AS "grantId", client_id AS "clientId", account_id AS "accountId", tries, created_at AS "createdAt"`,
)
const postponeLogout = sql(
  'postponeLogout',
  'UPDATE logout_notice SET next_at = :nextAt WHERE grant_id = :grantId',
)
const settleLogout = sql('settleLogout', 'DELETE FROM logout_notice WHERE grant_id = :grantId')

export function logoutStore(db: Queryable): LogoutStore {
  return {
    listDue: async (due) =>
      (await db.rows<Pick<LogoutNotice, 'grantId'>>(listDueLogouts, due)).map(({ grantId }) => grantId),
    lease: (lease) => db.row<LogoutNotice>(leaseLogout, lease),
    async postpone(postpone) {
      await db.change(postponeLogout, postpone)
    },
    async settle(grantId) {
      await db.change(settleLogout, { grantId })
    },
  }
}
