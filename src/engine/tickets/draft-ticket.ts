import { newTicketId } from '../../domain/id.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { TicketNeeds } from './needs.ts'

/** A new ticket; the caller inserts it in the transaction that issues it. */
export function draftTicket(
  engine: Pick<TicketNeeds, 'clock' | 'random'>,
  given: Pick<Ticket, 'purpose' | 'subject' | 'secretHash'> &
    Partial<Pick<Ticket, 'id' | 'accountId' | 'state' | 'triesLeft'>> & {
      lifetimeSeconds: number
      now: number
    },
): Ticket {
  const {
    lifetimeSeconds,
    now,
    id = newTicketId(engine),
    accountId = null,
    state = null,
    triesLeft = 1,
    ...rest
  } = given
  return {
    ...rest,
    id,
    accountId,
    state,
    triesLeft,
    createdAt: now,
    expiresAt: now + lifetimeSeconds * 1000,
    spentAt: null,
  }
}
