import type { AccountIdentifier } from '../../domain/account.ts'
import type { AccountId } from '../../domain/id.ts'
import type { IdentifierKind, NormalIdentifier } from '../../domain/identifier.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

export interface IdentifierStore {
  list(accountId: AccountId): Promise<AccountIdentifier[]>
  /** Throws UniqueViolation if an account has it, or the account has one of its kind. */
  put(row: {
    accountId: AccountId
    identifier: NormalIdentifier
    verifiedAt: number | null
    createdAt: number
  }): Promise<void>
  /** False if it was verified already, or is no longer the account's. */
  verify(identifier: {
    accountId: AccountId
    kind: IdentifierKind
    value: string
    now: number
  }): Promise<boolean>
  remove(identifier: { accountId: AccountId; kind: IdentifierKind }): Promise<boolean>
  /** All but those of one kind. */
  removeOthers(keep: { accountId: AccountId; kind: IdentifierKind }): Promise<number>
  /** Removes an unverified identifier from other accounts. */
  removeUnverified(name: { kind: IdentifierKind; value: string; except: AccountId }): Promise<boolean>
  /** Suspends what was added after a moment, until the owner confirms it. Returns how many. */
  suspendSince(suspend: { accountId: AccountId; since: number; now: number }): Promise<number>
}

export const identifierColumns = columnsOf<AccountIdentifier>({
  accountId: 'plain',
  kind: 'plain',
  value: 'plain',
  display: 'plain',
  verifiedAt: 'plain',
  suspendedAt: 'plain',
  createdAt: 'plain',
}).select()

const insertIdentifier = sql(
  'insertIdentifier',
  `INSERT INTO identifier (kind, value, account_id, display, skeleton, verified_at, created_at)
   VALUES (:kind, :value, :accountId, :display, :skeleton, :verifiedAt, :createdAt)`,
)
const listIdentifiers = sql(
  'listIdentifiers',
  `SELECT ${identifierColumns} FROM identifier WHERE account_id = :accountId ORDER BY kind`,
)
const verifyIdentifier = sql(
  'verifyIdentifier',
  `UPDATE identifier SET verified_at = :now, suspended_at = NULL
    WHERE account_id = :accountId AND kind = :kind AND value = :value AND verified_at IS NULL`,
)
const removeIdentifier = sql(
  'removeIdentifier',
  'DELETE FROM identifier WHERE account_id = :accountId AND kind = :kind',
)
const removeOtherIdentifiers = sql(
  'removeOtherIdentifiers',
  'DELETE FROM identifier WHERE account_id = :accountId AND kind <> :kind',
)
const removeUnverified = sql(
  'removeUnverifiedIdentifier',
  'DELETE FROM identifier WHERE kind = :kind AND value = :value AND account_id <> :except AND verified_at IS NULL',
)
const suspendSince = sql(
  'suspendIdentifiersSince',
  `UPDATE identifier SET suspended_at = :now, verified_at = NULL
    WHERE account_id = :accountId AND created_at > :since AND suspended_at IS NULL AND verified_at IS NOT NULL`,
)

export function identifierStore(db: Queryable): IdentifierStore {
  return {
    list: (accountId) => db.rows<AccountIdentifier>(listIdentifiers, { accountId }),
    async put({ accountId, identifier, verifiedAt, createdAt }) {
      await db.change(insertIdentifier, { ...identifier, accountId, verifiedAt, createdAt })
    },
    verify: async ({ accountId, kind, value, now }) =>
      (await db.change(verifyIdentifier, { accountId, kind, value, now })) === 1,
    remove: async ({ accountId, kind }) => (await db.change(removeIdentifier, { accountId, kind })) === 1,
    removeOthers: (keep) => db.change(removeOtherIdentifiers, keep),
    removeUnverified: async (name) => (await db.change(removeUnverified, name)) === 1,
    suspendSince: (suspend) => db.change(suspendSince, suspend),
  }
}
