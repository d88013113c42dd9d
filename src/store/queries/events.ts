import type { ChainedEvent } from '../../domain/event.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'
import type { EventStore } from '../store.ts'

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
const listLatestEvents = sql('listLatestEvents', `SELECT ${columns} FROM event ORDER BY id DESC LIMIT :limit`)
const newestFirst = "(id < :before OR :before = '') AND (kind = :kind OR :kind = '') ORDER BY id DESC LIMIT :limit"
const listEvents = sql('listEvents', `SELECT ${columns} FROM event WHERE ${newestFirst}`)
const listEventsOf = sql('listEventsOf', `SELECT ${columns} FROM event WHERE subject = :subject AND ${newestFirst}`)
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
    listLatest: async (limit) => (await db.rows<Row>(listLatestEvents, { limit })).map(fromRow),
    async listFiltered({ subject, kind, before, limit }) {
      const filter = { kind: kind ?? '', before: before ?? '', limit }
      const rows = subject === null ? db.rows<Row>(listEvents, filter) : db.rows<Row>(listEventsOf, { ...filter, subject })
      return (await rows).map(fromRow)
    },
    forget: (subject) => db.change(forgetEvents, { subject }),
  }
}
