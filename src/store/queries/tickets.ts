import type { Ticket } from '../../domain/ticket.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'
import type { TicketStore } from '../store.ts'

const columns = `id, purpose, subject, secret_hash AS "secretHash", created_at AS "createdAt", expires_at AS "expiresAt", spent_at AS "spentAt"`

const insertTicket = sql(
  'insertTicket',
  `INSERT INTO ticket (id, purpose, subject, secret_hash, created_at, expires_at, spent_at)
   VALUES (:id, :purpose, :subject, :secretHash, :createdAt, :expiresAt, :spentAt)`,
)
const spendTicket = sql(
  'spendTicket',
  `UPDATE ticket SET spent_at = :now
    WHERE secret_hash = :secretHash AND purpose = :purpose AND spent_at IS NULL AND expires_at > :now
   RETURNING ${columns}`,
)
const findGoodTicket = sql(
  'findGoodTicket',
  'SELECT id FROM ticket WHERE secret_hash = :secretHash AND purpose = :purpose AND spent_at IS NULL AND expires_at > :now',
)
const withdrawTickets = sql(
  'withdrawTickets',
  `UPDATE ticket SET spent_at = :now WHERE purpose = :purpose AND COALESCE(subject, '') = :subject AND spent_at IS NULL`,
)
const purgeTickets = sql('purgeTickets', 'DELETE FROM ticket WHERE expires_at < :before')

export function ticketStore(db: Queryable): TicketStore {
  return {
    async insert(ticket) {
      await db.change(insertTicket, { ...ticket })
    },
    spend: (ticket) => db.row<Ticket>(spendTicket, ticket),
    isGood: async (ticket) => (await db.row(findGoodTicket, ticket)) !== undefined,
    withdraw: ({ purpose, subject, now }) => db.change(withdrawTickets, { purpose, subject: subject ?? '', now }),
    purge: (before) => db.change(purgeTickets, { before }),
  }
}
