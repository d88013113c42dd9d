import { newTicketId } from '../../domain/id.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { TicketNeeds } from './needs.ts'

/** A ticket that nobody has yet; the caller writes it, in the transaction that hands it out. */
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
