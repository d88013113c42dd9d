import { hashSecret } from '../../crypto/equal.ts'
import type { AccountId } from '../../domain/id.ts'
import { Secret } from '../../domain/secret.ts'
import type { TicketPurpose } from '../../domain/ticket.ts'
import { draftTicket } from './draft-ticket.ts'
import type { TicketNeeds } from './needs.ts'

const secretBytes = 32

/** A new single-use ticket; `replaces`: withdraws earlier ones of the same purpose and subject. */
export async function issueTicket(
  engine: Pick<TicketNeeds, 'store' | 'clock' | 'random' | 'audit'>,
  given: {
    purpose: TicketPurpose
    subject: string | null
    accountId?: AccountId
    lifetimeSeconds: number
    actor: string
    replaces: boolean
  },
): Promise<Secret> {
  const { purpose, subject, accountId = null, lifetimeSeconds, actor, replaces } = given
  const now = engine.clock.now()
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const ticket = draftTicket(engine, {
    purpose,
    subject,
    accountId,
    secretHash: hashSecret(secret),
    lifetimeSeconds,
    now,
  })
  await engine.store.transaction(async (tx) => {
    if (replaces) await tx.tickets.withdraw({ purpose, subject, now })
    await tx.tickets.insert(ticket)
    await engine.audit.record(tx, {
      kind: 'ticket.issued',
      actor,
      subject,
      details: { purpose, ticket: ticket.id },
    })
  })
  return new Secret(secret)
}
