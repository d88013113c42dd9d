import { hashSecret } from '../../crypto/equal.ts'
import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { type AccountId, newTicketId } from '../../domain/id.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { Aggregates } from '../../store/store.ts'
import { openState, sealState } from '../challenge.ts'
import { draftTicket } from '../draft-ticket.ts'
import type { Engine } from '../engine.ts'
import { identifierTaken } from '../new-account.ts'
import type { Requester } from '../requester.ts'
import { endSessionsIn } from '../revoke.ts'

const undoHours = 72
const secretBytes = 32

/** A link for the former address, good for three days. Returns it; only a hash of its secret is kept. */
export async function issueUndo(
  engine: Engine,
  tx: Aggregates,
  { account, former }: { account: AccountWithIdentifiers; former: AccountIdentifier },
): Promise<string> {
  const id = newTicketId(engine)
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const identifier: NormalIdentifier = { kind: former.kind, value: former.value, display: former.display, skeleton: null }
  const state = sealState(engine, id, identifier)
  const secretHash = hashSecret(secret)
  await tx.tickets.insert(
    draftTicket(engine, { id, purpose: 'identifier-undo', subject: account.id, secretHash, state, lifetimeSeconds: undoHours * 3600 }),
  )
  return `${engine.settings.issuer}/undo?token=${secret}`
}

/** What the link would give back; looking spends nothing. Undefined where it is unknown, late or spent. */
export async function lookAtUndo(engine: Engine, token: string): Promise<{ identifier: NormalIdentifier } | undefined> {
  const ticket = await engine.store.tickets.findGood({ secretHash: hashSecret(token), purpose: 'identifier-undo', now: engine.clock.now() })
  return ticket && { identifier: openState(engine, ticket) as NormalIdentifier }
}

/**
 * Gives the former address back, and signs everybody out: whoever changed it may have been a thief. Throws
 * `challenge_not_open`, and `identifier_taken` where somebody else has made it theirs since.
 */
export async function undoIdentifierChange(engine: Engine, { token, requester }: { token: string; requester: Requester }): Promise<void> {
  await engine.store.transaction((tx) => undo(engine, tx, { token, requester })).catch(identifierTaken)
  await engine.revocations.poll()
}

async function undo(engine: Engine, tx: Aggregates, { token, requester }: { token: string; requester: Requester }): Promise<void> {
  const now = engine.clock.now()
  const ticket: Ticket | undefined = await tx.tickets.spend({ secretHash: hashSecret(token), purpose: 'identifier-undo', now })
  const accountId = ticket?.subject as AccountId | undefined
  const account = accountId && (await tx.accounts.find(accountId))
  if (!ticket || !account) throw new Problem('challenge_not_open')
  const identifier = openState(engine, ticket) as NormalIdentifier
  await endSessionsIn(engine, tx, { accountId: account.id, except: null, ending: 'identifier_restored', actor: 'anonymous' })
  await tx.identifiers.remove({ accountId: account.id, kind: identifier.kind })
  await tx.identifiers.put({ accountId: account.id, identifier, verifiedAt: now, now })
  const details = { kind: identifier.kind, source: requester.source }
  await engine.audit.record(tx, { kind: 'identifier.restored', actor: 'anonymous', subject: account.id, details })
  await engine.notify(tx, { account, notice: 'identifier_restored', requester, to: identifier })
}
