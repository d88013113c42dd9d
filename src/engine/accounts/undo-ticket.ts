import { hashSecret } from '../../crypto/equal.ts'
import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { newTicketId } from '../../domain/id.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import type { Session } from '../../domain/session.ts'
import type { Ticket } from '../../domain/ticket.ts'
import { openState, sealState } from '../tickets/challenge.ts'
import { draftTicket } from '../tickets/draft-ticket.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'

export const undoHours = 72
const hour = 3_600_000
const secretBytes = 32
export const undoPurpose = 'identifier-undo'

export interface UndoState {
  identifier: NormalIdentifier
  /** Since when the account had it. */
  heldSince: number
  /** What was set up after this moment may be an attacker's. */
  doubtfulSince: number
}

/**
 * Whether an address may undo a change: one that the account had from its creation, or for longer than the
 * undo period. An attacker's recent address is neither.
 */
export const mayUndo = (
  account: AccountWithIdentifiers,
  { createdAt }: AccountIdentifier,
  now: number,
): boolean => createdAt <= account.createdAt || createdAt < now - undoHours * hour

/** A link for the former address, good for three days. Returns it; only a hash of its secret is kept. */
export async function issueUndo(
  engine: AccountNeeds,
  tx: AccountTransaction,
  {
    account,
    former,
    session,
    now,
  }: { account: AccountWithIdentifiers; former: AccountIdentifier; session: Session; now: number },
): Promise<string> {
  const id = newTicketId(engine)
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const identifier: NormalIdentifier = {
    kind: former.kind,
    value: former.value,
    display: former.display,
    skeleton: null,
  }
  const undo: UndoState = {
    identifier,
    heldSince: former.createdAt,
    doubtfulSince: doubtfulSince(session, now),
  }
  await tx.tickets.insert(
    draftTicket(engine, {
      id,
      purpose: undoPurpose,
      subject: account.id,
      accountId: account.id,
      secretHash: hashSecret(secret),
      state: sealState(engine, id, undo),
      lifetimeSeconds: undoHours * 3600,
      now,
    }),
  )
  return `${engine.settings.issuer}/undo?token=${secret}`
}

/**
 * An attacker may have set up something before the change. In doubt is everything since the sign-in of the
 * session that changed it, at most three days back; for the session that created the account, everything
 * since the change.
 */
function doubtfulSince({ origin, createdAt }: Session, now: number): number {
  return origin === 'sign-up' ? now : Math.max(createdAt, now - undoHours * hour)
}

/** Opens what the ticket keeps; a ticket of an earlier version keeps the address alone. */
export function undoStateOf(engine: AccountNeeds, ticket: Ticket): UndoState {
  const state = openState(engine, ticket) as UndoState | NormalIdentifier
  return 'identifier' in state
    ? state
    : { identifier: state, heldSince: ticket.createdAt - undoHours * hour, doubtfulSince: ticket.createdAt }
}
