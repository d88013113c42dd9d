import type { AccountId, TicketId } from '../../domain/id.ts'
import type { Ticket, TicketPurpose } from '../../domain/ticket.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { inTime, sql } from '../statement.ts'

export interface TicketStore {
  /** Throws UniqueViolation if there is an open challenge of that subject. */
  insert(ticket: Ticket): Promise<void>
  /** Single use: undefined if it is unknown, late, spent, or for another purpose. */
  spend(ticket: { secretHash: string; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  /** False if it is late or spent. */
  spendById(ticket: { id: TicketId; now: number }): Promise<boolean>
  /** Looks without spending. */
  findGood(ticket: { secretHash: string; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  findById(ticket: { id: TicketId; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  findOpen(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket | undefined>
  /** Open ones of one purpose and subject, oldest first. */
  listOpen(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket[]>
  /** Uses one try. Undefined if none is left. */
  takeTry(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket | undefined>
  /** False if it was changed or spent meanwhile. */
  changeState(change: { id: TicketId; state: string; formerState: string; now: number }): Promise<boolean>
  /** Open tickets of this purpose and subject become worthless. */
  withdraw(ticket: { purpose: TicketPurpose; subject: string | null; now: number }): Promise<number>
  /** The same for all tickets of an account: challenges only, or everything. */
  withdrawOfAccount(ticket: {
    accountId: AccountId
    what: 'challenges' | 'everything'
    now: number
  }): Promise<number>
  purge(before: number): Promise<number>
}

const ticketColumns = columnsOf<Ticket>({
  id: 'plain',
  purpose: 'plain',
  subject: 'plain',
  accountId: 'plain',
  secretHash: 'plain',
  state: 'plain',
  triesLeft: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
  spentAt: 'plain',
})
const columns = ticketColumns.select()

const insertTicket = sql('insertTicket', `INSERT INTO ticket ${ticketColumns.insert}`)
const spendTicket = sql(
  'spendTicket',
  `UPDATE ticket SET spent_at = :now
    WHERE secret_hash = :secretHash AND purpose = :purpose AND spent_at IS NULL AND expires_at > :now
   RETURNING ${columns}`,
)
const spendTicketById = sql(
  'spendTicketById',
  'UPDATE ticket SET spent_at = :now WHERE id = :id AND spent_at IS NULL AND expires_at > :now',
)
const findGoodTicket = sql(
  'findGoodTicket',
  `SELECT ${columns} FROM ticket WHERE secret_hash = :secretHash AND purpose = :purpose AND spent_at IS NULL AND expires_at > :now`,
)
const findTicketById = sql(
  'findTicketById',
  `SELECT ${columns} FROM ticket WHERE id = :id AND purpose = :purpose AND spent_at IS NULL AND expires_at > :now`,
)
const findOpen = `SELECT ${columns} FROM ticket WHERE purpose = :purpose AND subject = :subject AND spent_at IS NULL AND expires_at > :now`
const findOpenTicket = sql('findOpenTicket', findOpen)
const listOpenTickets = sql('listOpenTickets', `${findOpen} ORDER BY created_at, id`)
// A try is used before the answer is checked, so that concurrent answers have no more tries than sequential
// ones.
const takeTry = sql(
  'takeTicketTry',
  `UPDATE ticket SET tries_left = tries_left - 1
    WHERE purpose = :purpose AND subject = :subject AND spent_at IS NULL AND expires_at > :now AND tries_left > 0 ${inTime}
   RETURNING ${columns}`,
)
const changeTicketState = sql(
  'changeTicketState',
  'UPDATE ticket SET state = :state WHERE id = :id AND state = :formerState AND spent_at IS NULL AND expires_at > :now',
)
const withdrawTickets = sql(
  'withdrawTickets',
  `UPDATE ticket SET spent_at = :now WHERE purpose = :purpose AND COALESCE(subject, '') = :subject AND spent_at IS NULL`,
)
const ofAccount = (name: string, purposes: string) =>
  sql(
    name,
    `UPDATE ticket SET spent_at = :now WHERE account_id = :accountId AND spent_at IS NULL AND purpose IN (${purposes})`,
  )
const withdrawOfAccount = {
  challenges: ofAccount('withdrawChallengesOfAccount', `'challenge'`),
  everything: ofAccount(
    'withdrawTicketsOfAccount',
    `'challenge', 'enrolment', 'identifier-change', 'recovery', 'link'`,
  ),
}
const purgeTickets = deleteBatch('purgeTickets', {
  table: 'ticket',
  key: 'id',
  where: 'expires_at < :before',
})

export function ticketStore(db: Queryable): TicketStore {
  return {
    async insert(ticket) {
      await db.change(insertTicket, ticketColumns.toRow(ticket))
    },
    spend: (ticket) => db.row<Ticket>(spendTicket, ticket),
    spendById: async (ticket) => (await db.change(spendTicketById, ticket)) === 1,
    findGood: (ticket) => db.row<Ticket>(findGoodTicket, ticket),
    findById: (ticket) => db.row<Ticket>(findTicketById, ticket),
    findOpen: (ticket) => db.row<Ticket>(findOpenTicket, ticket),
    listOpen: (ticket) => db.rows<Ticket>(listOpenTickets, ticket),
    takeTry: (ticket) => db.row<Ticket>(takeTry, ticket),
    changeState: async (change) => (await db.change(changeTicketState, change)) === 1,
    withdraw: ({ purpose, subject, now }) =>
      db.change(withdrawTickets, { purpose, subject: subject ?? '', now }),
    withdrawOfAccount: ({ accountId, what, now }) => db.change(withdrawOfAccount[what], { accountId, now }),
    purge: (before) => purgeBy(db, purgeTickets, { before }),
  }
}
