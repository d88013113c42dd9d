import type { ChainedEvent, EventKind } from '../../domain/event.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import { sql } from '../statement.ts'

export interface EventStore {
  insert(event: ChainedEvent): Promise<void>
  unsealed(limit: number): Promise<ChainedEvent[]>
  countUnsealed(): Promise<number>
  /** Takes the place at the end of the chain for this transaction. */
  lockHead(): Promise<{ seq: number; chain: string }>
  seal(line: { id: string; seq: number; chain: string }): Promise<void>
  moveHead(head: { seq: number; chain: string }): Promise<void>
  listSealed(page: Page<number>): Promise<ChainedEvent[]>
  /** Up to that line of the chain; returns how many. */
  trim(upTo: { seq: number }): Promise<number>
  /** Newest first, of those before an id. */
  listFiltered(filter: { subject: string | null; kind: EventKind | null; before: string | null; limit: number }): Promise<ChainedEvent[]>
  /** Empties what could name a person; the chain stays whole. */
  forget(subject: string): Promise<number>
}

const columns =
  'id, at, kind, actor, subject, outcome, details, details_salt AS "detailsSalt", details_hash AS "detailsHash", mac, seq, chain'

const insertEvent = sql(
  'insertEvent',
  `INSERT INTO event (id, at, kind, actor, subject, outcome, details, details_salt, details_hash, mac, seq, chain)
   VALUES (:id, :at, :kind, :actor, :subject, :outcome, :details, :detailsSalt, :detailsHash, :mac, NULL, NULL)`,
)
const listUnsealedEvents = sql('listUnsealedEvents', `SELECT ${columns} FROM event WHERE seq IS NULL ORDER BY id LIMIT :limit`)
const countUnsealedEvents = sql('countUnsealedEvents', 'SELECT COUNT(*) AS "count" FROM event WHERE seq IS NULL')
const sealEvent = sql('sealEvent', 'UPDATE event SET seq = :seq, chain = :chain WHERE id = :id AND seq IS NULL')
const listSealedEvents = sql('listSealedEvents', `SELECT ${columns} FROM event WHERE seq > :after ORDER BY seq LIMIT :limit`)
// One statement a filter, each along an index of its own; whoever has many lines about them has few of most kinds.
const newestFirst = (name: string, filter: string) =>
  sql(name, `SELECT ${columns} FROM event WHERE ${filter}id < :before ORDER BY id DESC LIMIT :limit`)
const listEvents = newestFirst('listEvents', '')
const listEventsOf = newestFirst('listEventsOf', 'subject = :subject AND ')
const listEventsOfKind = newestFirst('listEventsOfKind', 'kind = :kind AND ')
const listEventsOfBoth = newestFirst('listEventsOfBoth', 'subject = :subject AND kind = :kind AND ')
const afterAll = '~' // ids are of letters and digits
const trimEvents = sql('trimEvents', 'DELETE FROM event WHERE seq <= :seq')
const forgetEvents = sql('forgetEvents', `UPDATE event SET details = NULL, details_salt = '' WHERE subject = :subject`)
// Writes the row it reads, so that on PostgreSQL the next sealer waits for this one.
const lockHead = sql(
  'lockAuditHead',
  `INSERT INTO audit_head (name, seq, chain) VALUES ('events', 0, '') ON CONFLICT (name) DO UPDATE SET seq = audit_head.seq
   RETURNING seq, chain`,
)
const moveHead = sql('moveAuditHead', `UPDATE audit_head SET seq = :seq, chain = :chain WHERE name = 'events'`)

type Row = Omit<ChainedEvent, 'details'> & { details: string | null }
const fromRow = (row: Row): ChainedEvent => ({ ...row, details: row.details === null ? null : JSON.parse(row.details) })

export function eventStore(db: Queryable): EventStore {
  return {
    async insert({ seq: _, chain: __, ...event }) {
      await db.change(insertEvent, { ...event, details: event.details && JSON.stringify(event.details) })
    },
    unsealed: async (limit) => (await db.rows<Row>(listUnsealedEvents, { limit })).map(fromRow),
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
    listSealed: async ({ after, limit }) => (await db.rows<Row>(listSealedEvents, { after: after ?? 0, limit })).map(fromRow),
    async listFiltered({ subject, kind, before, limit }) {
      const statement = subject ? (kind ? listEventsOfBoth : listEventsOf) : kind ? listEventsOfKind : listEvents
      const filter = { before: before ?? afterAll, limit, ...(subject && { subject }), ...(kind && { kind }) }
      return (await db.rows<Row>(statement, filter)).map(fromRow)
    },
    trim: (upTo) => db.change(trimEvents, upTo),
    forget: (subject) => db.change(forgetEvents, { subject }),
  }
}
