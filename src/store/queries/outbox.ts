import type { OutboxId } from '../../domain/id.ts'
import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { sql } from '../statement.ts'

export interface OutboxEntry {
  id: OutboxId
  channel: string
  messageSealed: string
  /** This one included. */
  tries: number
  createdAt: number
}

export interface OutboxStore {
  insert(entry: {
    id: OutboxId
    channel: string
    state: 'waiting' | 'decoy'
    messageSealed: string
    now: number
  }): Promise<void>
  listDue(due: { now: number; limit: number }): Promise<OutboxId[]>
  /** Leases one until `leasedUntil`. Undefined if another node has it. */
  lease(lease: { id: OutboxId; now: number; leasedUntil: number }): Promise<OutboxEntry | undefined>
  settle(settle: { id: OutboxId; state: 'sent' | 'failed'; error: string | null; now: number }): Promise<void>
  postpone(postpone: { id: OutboxId; nextAt: number; error: string }): Promise<void>
  purge(before: number): Promise<number>
}

const insertOutbox = sql(
  'insertOutbox',
  `INSERT INTO outbox (id, channel, state, message_sealed, tries, next_at, last_error, created_at, settled_at)
   VALUES (:id, :channel, :state, :messageSealed, 0, :now, NULL, :now, NULL)`,
)
const listDue = sql(
  'listDueMessages',
  `SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at LIMIT :limit`,
)
// Leased, not locked: if the process dies, another node takes it when the lease ends.
const leaseMessage = sql(
  'leaseMessage',
  `UPDATE outbox SET tries = tries + 1, next_at = :leasedUntil WHERE id = :id AND state = 'waiting' AND next_at <= :now
   RETURNING id, channel, message_sealed AS "messageSealed", tries, created_at AS "createdAt"`,
)
const settleMessage = sql(
  'settleMessage',
  `UPDATE outbox SET state = :state, message_sealed = NULL, last_error = :error, settled_at = :now WHERE id = :id`,
)
const postponeMessage = sql(
  'postponeMessage',
  'UPDATE outbox SET next_at = :nextAt, last_error = :error WHERE id = :id',
)
const purgeOutbox = deleteBatch('purgeOutbox', {
  table: 'outbox',
  key: 'id',
  where: `created_at < :before AND state <> 'waiting'`,
})

export function outboxStore(db: Queryable): OutboxStore {
  return {
    async insert(entry) {
      await db.change(insertOutbox, entry)
    },
    async listDue(due) {
      return (await db.rows<{ id: OutboxEntry['id'] }>(listDue, due)).map(({ id }) => id)
    },
    lease: (lease) => db.row<OutboxEntry>(leaseMessage, lease),
    async settle(settle) {
      await db.change(settleMessage, settle)
    },
    async postpone(postpone) {
      await db.change(postponeMessage, postpone)
    },
    purge: (before) => purgeBy(db, purgeOutbox, { before }),
  }
}
