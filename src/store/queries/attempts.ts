import type { Attempt } from '../../domain/attempt.ts'
import type { AccountId, AttemptId } from '../../domain/id.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { type SqlValues, sql } from '../statement.ts'

export interface AttemptStore {
  insert(attempt: Attempt): Promise<void>
  find(id: AttemptId): Promise<Attempt | undefined>
  /** Locks an open attempt until the transaction ends. Undefined if it has ended. */
  lockForUpdate(attempt: { id: AttemptId; now: number }): Promise<Attempt | undefined>
  save(attempt: Attempt): Promise<void>
  /** Closes the account's attempts in which something was proved. */
  closeOfAccount(close: { accountId: AccountId; now: number }): Promise<number>
  /** From now on only the cookie can continue it. */
  bindToCookie(attempt: { id: AttemptId; bindingHash: string }): Promise<void>
  /** Those in which an account proved something, oldest first. */
  list(page: Page<AttemptId> & { since: number }): Promise<Attempt[]>
  purge(old: { before: number; emptyBefore: number }): Promise<number>
}

const attemptColumns = columnsOf<Attempt>({
  id: 'plain',
  purpose: 'plain',
  state: 'plain',
  accountId: 'plain',
  hint: 'json',
  bindingHash: 'plain',
  holder: 'plain',
  sessionId: 'plain',
  request: 'json',
  evidence: 'json',
  decisionInputs: { column: 'facts', stored: 'json' },
  decision: 'json',
  source: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
})
const columns = attemptColumns.select()

const insertAttempt = sql('insertAttempt', `INSERT INTO attempt ${attemptColumns.insert}`)
const findAttempt = sql('findAttempt', `SELECT ${columns} FROM attempt WHERE id = :id`)
// Writing to the row holds it until the transaction ends, on both engines alike.
const holdAttempt = sql(
  'holdAttempt',
  `UPDATE attempt SET state = state WHERE id = :id AND state = 'open' AND expires_at > :now RETURNING ${columns}`,
)
const saveAttempt = sql(
  'saveAttempt',
  `UPDATE attempt SET state = :state, account_id = :accountId, hint = :hint, evidence = :evidence, facts = :decisionInputs, decision = :decision
    WHERE id = :id`,
)
const closeAttempts = sql(
  'closeAttemptsOfAccount',
  `UPDATE attempt SET expires_at = :now WHERE account_id = :accountId AND state = 'open' AND expires_at > :now`,
)
const bindAttempt = sql(
  'bindAttempt',
  `UPDATE attempt SET holder = 'cookie' WHERE id = :id AND binding_hash = :bindingHash`,
)
const listAttempts = sql(
  'listAttempts',
  `SELECT ${columns} FROM attempt WHERE created_at >= :since AND id > :after AND account_id IS NOT NULL ORDER BY id LIMIT :limit`,
)
const purgeAttempts = deleteBatch('purgeAttempts', {
  table: 'attempt',
  key: 'id',
  where: 'created_at < :before',
})
const purgeEmptyAttempts = deleteBatch('purgeEmptyAttempts', {
  table: 'attempt',
  key: 'id',
  where: 'expires_at < :before AND account_id IS NULL',
})

// Rows from before there was more to ask for.
const plain = {
  acr: null,
  scope: null,
  rememberDevice: false,
  clientId: firstPartyClientId,
  operation: null,
  recovered: false,
}
const fromRow = (row: SqlValues): Attempt => {
  const attempt = attemptColumns.fromRow(row)
  return { ...attempt, request: { ...plain, ...attempt.request } }
}

export function attemptStore(db: Queryable): AttemptStore {
  const one = (row: SqlValues | undefined) => row && fromRow(row)
  return {
    async insert(attempt) {
      await db.change(insertAttempt, attemptColumns.toRow(attempt))
    },
    find: async (id) => one(await db.row<SqlValues>(findAttempt, { id })),
    lockForUpdate: async ({ id, now }) => one(await db.row<SqlValues>(holdAttempt, { id, now })),
    async save(attempt) {
      await db.change(saveAttempt, attemptColumns.toRow(attempt))
    },
    closeOfAccount: (close) => db.change(closeAttempts, close),
    async bindToCookie({ id, bindingHash }) {
      await db.change(bindAttempt, { id, bindingHash })
    },
    list: async ({ after, limit, since }) =>
      (await db.rows<SqlValues>(listAttempts, { after: after ?? '', limit, since })).map(fromRow),
    purge: async ({ before, emptyBefore }) =>
      (await purgeBy(db, purgeAttempts, { before })) +
      (await purgeBy(db, purgeEmptyAttempts, { before: emptyBefore })),
  }
}
