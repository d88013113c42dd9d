import type { ChainedEvent, EventKind } from '../../domain/event.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface EventStore {
  insert(event: ChainedEvent): Promise<void>
  unsealed(limit: number): Promise<ChainedEvent[]>
  countUnsealed(): Promise<number>
  /** Locks the head of the chain for this transaction. */
  lockHead(): Promise<{ seq: number; chain: string }>
  seal(line: { id: string; seq: number; chain: string }): Promise<void>
  moveHead(head: { seq: number; chain: string }): Promise<void>
  listSealed(page: Page<number>): Promise<ChainedEvent[]>
  /** Up to that line of the chain; returns how many. */
  trim(upTo: { seq: number }): Promise<number>
  /** Newest first, of those before an id. */
  listFiltered(filter: {
    subject: string | null
    kind: EventKind | null
    before: string | null
    limit: number
  }): Promise<ChainedEvent[]>
  /** Removes personal data; the chain stays valid. */
  forget(subject: string): Promise<number>
}

export const eventColumns = columnsOf<ChainedEvent>({
  id: 'plain',
  at: 'plain',
  kind: 'plain',
  actor: 'plain',
  subject: 'plain',
  outcome: 'plain',
  details: 'json',
  detailsSalt: 'plain',
  detailsHash: 'plain',
  mac: 'plain',
  seq: 'plain',
  chain: 'plain',
})
const columns = eventColumns.select()

const insertEvent = sql('insertEvent', `INSERT INTO event ${eventColumns.insert}`)
const listUnsealedEvents = sql(
  'listUnsealedEvents',
  `SELECT ${columns} FROM event WHERE seq IS NULL ORDER BY id LIMIT :limit`,
)
const countUnsealedEvents = sql(
  'countUnsealedEvents',
  'SELECT COUNT(*) AS "count" FROM event WHERE seq IS NULL',
)
const sealEvent = sql(
  'sealEvent',
  'UPDATE event SET seq = :seq, chain = :chain WHERE id = :id AND seq IS NULL',
)
const listSealedEvents = sql(
  'listSealedEvents',
  `SELECT ${columns} FROM event WHERE seq > :after ORDER BY seq LIMIT :limit`,
)
// One statement a filter, each along an index of its own; an account with many lines has few of most kinds.
const newestFirst = (name: string, filter: string) =>
  sql(name, `SELECT ${columns} FROM event WHERE ${filter}id < :before ORDER BY id DESC LIMIT :limit`)
const listEvents = newestFirst('listEvents', '')
const listEventsOf = newestFirst('listEventsOf', 'subject = :subject AND ')
const listEventsOfKind = newestFirst('listEventsOfKind', 'kind = :kind AND ')
const listEventsOfBoth = newestFirst('listEventsOfBoth', 'subject = :subject AND kind = :kind AND ')
const afterAll = '~' // ids are of letters and digits
const trimEvents = sql('trimEvents', 'DELETE FROM event WHERE seq <= :seq')
const forgetEvents = sql(
  'forgetEvents',
  `UPDATE event SET details = NULL, details_salt = '' WHERE subject = :subject`,
)
// Writes the row it reads, so that on PostgreSQL the next sealer waits for this one.
const lockHead = sql(
  'lockAuditHead',
  `INSERT INTO audit_head (name, seq, chain) VALUES ('events', 0, '') ON CONFLICT (name) DO UPDATE SET seq = audit_head.seq
   RETURNING seq, chain`,
)
const moveHead = sql(
  'moveAuditHead',
  `UPDATE audit_head SET seq = :seq, chain = :chain WHERE name = 'events'`,
)

export function eventStore(db: Queryable): EventStore {
  return {
    async insert(event) {
      await db.change(insertEvent, eventColumns.toRow(event))
    },
    unsealed: async (limit) =>
      (await db.rows<SqlValues>(listUnsealedEvents, { limit })).map(eventColumns.fromRow),
    countUnsealed: async () => (await db.row<{ count: number }>(countUnsealedEvents))?.count ?? 0,
    async lockHead() {
      const head = await db.row<{ seq: number; chain: string }>(lockHead)
      if (!head) throw new Error('the audit log has no head')
      return head
    },
    async seal(line) {
      if ((await db.change(sealEvent, line)) !== 1) throw new Error('an event was sealed twice')
    },
    async moveHead(head) {
      await db.change(moveHead, head)
    },
    listSealed: async ({ after, limit }) =>
      (await db.rows<SqlValues>(listSealedEvents, { after: after ?? 0, limit })).map(eventColumns.fromRow),
    async listFiltered({ subject, kind, before, limit }) {
      const statement = subject
        ? kind
          ? listEventsOfBoth
          : listEventsOf
        : kind
          ? listEventsOfKind
          : listEvents
      const filter = { before: before ?? afterAll, limit, ...(subject && { subject }), ...(kind && { kind }) }
      return (await db.rows<SqlValues>(statement, filter)).map(eventColumns.fromRow)
    },
    trim: (upTo) => db.change(trimEvents, upTo),
    forget: (subject) => db.change(forgetEvents, { subject }),
  }
}
