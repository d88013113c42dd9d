import { hashSecret } from '../../crypto/equal.ts'
import type { AccountId } from '../../domain/id.ts'
import { Secret } from '../../domain/secret.ts'
import type { TicketPurpose } from '../../domain/ticket.ts'
import type { Some } from '../../store/store.ts'
import { draftTicket } from './draft-ticket.ts'
import type { TicketNeeds } from './needs.ts'

const secretBytes = 32

interface Issued {
  purpose: TicketPurpose
  subject: string | null
  accountId?: AccountId | null
  lifetimeSeconds: number
  actor: string
  replaces: boolean
}

/** A new single-use ticket; `replaces`: withdraws earlier ones of the same purpose and subject. */
export const issueTicket = (
  engine: Pick<TicketNeeds, 'store' | 'clock' | 'random' | 'audit'>,
  given: Issued,
): Promise<Secret> => engine.store.transaction((tx) => issueTicketIn(engine, tx, given))

/** The same within a larger transaction. */
export async function issueTicketIn(
  engine: Pick<TicketNeeds, 'clock' | 'random' | 'audit'>,
  tx: Some<'tickets' | 'events'>,
  { purpose, subject, accountId = null, lifetimeSeconds, actor, replaces }: Issued,
): Promise<Secret> {
  const now = engine.clock.now()
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const secretHash = hashSecret(secret)
  const ticket = draftTicket(engine, { purpose, subject, accountId, secretHash, lifetimeSeconds, now })
  if (replaces) await tx.tickets.withdraw({ purpose, subject, now })
  await tx.tickets.insert(ticket)
  const details = { purpose, ticket: ticket.id }
  await engine.audit.record(tx, { kind: 'ticket.issued', actor, subject, details })
  return new Secret(secret)
}
