import { hashSecret } from '../../crypto/equal.ts'
import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { type AccountId, newTicketId } from '../../domain/id.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { Aggregates } from '../../store/store.ts'
import { openState, sealState } from '../challenge.ts'
import { draftTicket } from '../draft-ticket.ts'
import type { Engine } from '../engine.ts'
import { identifierTaken } from '../new-account.ts'
import type { Requester } from '../requester.ts'
import { endSessionsIn } from '../revoke.ts'
import { type BegunRecovery, beginRecovery } from './begin-recovery.ts'

export const undoHours = 72
const hour = 3_600_000
const secretBytes = 32
const purpose = 'identifier-undo'

interface UndoState {
  identifier: NormalIdentifier
  /** Since when the account had it. */
  heldSince: number
  /** What was set up after this moment may be a thief's. */
  doubtfulSince: number
}

/**
 * Whether an address may take a change back: one that the account has had since it was made, or for longer than a change can be undone.
 * A thief's own address, put there a moment ago, is neither.
 */
export const mayUndo = (engine: Engine, account: AccountWithIdentifiers, { createdAt }: AccountIdentifier): boolean =>
  createdAt <= account.createdAt || createdAt < engine.clock.now() - undoHours * hour

/** A link for the former address, good for three days. Returns it; only a hash of its secret is kept. */
export async function issueUndo(
  engine: Engine,
  tx: Aggregates,
  { account, former, session }: { account: AccountWithIdentifiers; former: AccountIdentifier; session: Session },
): Promise<string> {
  const id = newTicketId(engine)
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const identifier: NormalIdentifier = { kind: former.kind, value: former.value, display: former.display, skeleton: null }
  const undo: UndoState = { identifier, heldSince: former.createdAt, doubtfulSince: doubtfulSince(engine, session) }
  await tx.tickets.insert(
    draftTicket(engine, {
      id,
      purpose,
      subject: account.id,
      accountId: account.id,
      secretHash: hashSecret(secret),
      state: sealState(engine, id, undo),
      lifetimeSeconds: undoHours * 3600,
    }),
  )
  return `${engine.settings.issuer}/undo?token=${secret}`
}

/**
 * Whoever changed the address may have set up something before they did. All that came after the sign-in of the session that changed it is in
 * doubt, three days back at the most; of the session that made the account, what came after the change.
 */
function doubtfulSince({ clock }: Engine, { origin, createdAt }: Session): number {
  const now = clock.now()
  return origin === 'sign-up' ? now : Math.max(createdAt, now - undoHours * hour)
}

/** One from before there was more to say is the address alone. */
function stateOf(engine: Engine, ticket: Ticket): UndoState {
  const state = openState(engine, ticket) as UndoState | NormalIdentifier
  return 'identifier' in state
    ? state
    : { identifier: state, heldSince: ticket.createdAt - undoHours * hour, doubtfulSince: ticket.createdAt }
}

export interface Undoable {
  accountId: AccountId
  identifier: NormalIdentifier
  /** What happened with the account after this is shown. */
  since: number
}

/** What the link would give back; looking spends nothing. Undefined where it is unknown, late or spent. */
export async function lookAtUndo(engine: Engine, token: string): Promise<Undoable | undefined> {
  const ticket = await engine.store.tickets.findGood({ secretHash: hashSecret(token), purpose, now: engine.clock.now() })
  if (!ticket) return undefined
  const { identifier, doubtfulSince: since } = stateOf(engine, ticket)
  return { accountId: ticket.subject as AccountId, identifier, since }
}

/**
 * Rescues an account: gives the former address back, signs everybody out, takes back every other change that could be undone since, and
 * suspends what was set up meanwhile until its owner says that it is theirs. Whoever has the link has shown that the address is theirs: that
 * begins a recovery, which the policy judges as any other. Throws `challenge_not_open`, and `identifier_taken` where another account has
 * verified the address since.
 */
export async function undoIdentifierChange(
  engine: Engine,
  { token, requester, browser }: { token: string; requester: Requester; browser: string },
): Promise<BegunRecovery> {
  const status = await engine.statuses.next('family')
  const undone = await engine.store.transaction((tx) => undo(engine, tx, { token, requester, browser, status })).catch(identifierTaken)
  await engine.revocations.poll()
  return undone
}

async function undo(
  engine: Engine,
  tx: Aggregates,
  { token, requester, browser, status }: { token: string; requester: Requester; browser: string; status: string },
): Promise<BegunRecovery> {
  const now = engine.clock.now()
  const ticket = await tx.tickets.spend({ secretHash: hashSecret(token), purpose, now })
  const accountId = ticket?.subject as AccountId | undefined
  if (!ticket || !accountId || (await tx.accounts.hold(accountId)) === undefined) throw new Problem('challenge_not_open')
  await endSessionsIn(engine, tx, { accountId, except: null, ending: 'identifier_restored', actor: 'anonymous' })
  const { identifier, doubtfulSince: since } = stateOf(engine, ticket)
  await tx.credentials.suspendSince({ accountId, since, now })
  await tx.identifiers.suspendSince({ accountId, since, now })
  for (const state of [stateOf(engine, ticket), ...(await laterChanges(engine, tx, { ticket, kind: identifier.kind }))])
    await giveBack(tx, { accountId, state, now })
  const account = await tx.accounts.find(accountId)
  if (!account) throw new Problem('challenge_not_open')
  const details = { kind: identifier.kind, source: requester.source }
  await engine.audit.record(tx, { kind: 'identifier.restored', actor: 'anonymous', subject: accountId, details })
  await engine.notify(tx, { account, notice: 'identifier_restored', requester, to: identifier })
  return beginRecovery(engine, tx, { account, method: 'undo-link', identifier, requester, browser, status })
}

/** Of each other kind, the first change after this one; none of them can be undone by itself from now on. */
async function laterChanges(
  engine: Engine,
  tx: Aggregates,
  { ticket: { subject, createdAt }, kind }: { ticket: Ticket; kind: NormalIdentifier['kind'] },
): Promise<UndoState[]> {
  const now = engine.clock.now()
  const open = await tx.tickets.listOpen({ purpose, subject: subject as string, now })
  await tx.tickets.withdraw({ purpose, subject, now })
  const byKind = new Map<string, UndoState>()
  for (const later of open.filter((ticket) => ticket.createdAt >= createdAt).map((ticket) => stateOf(engine, ticket)))
    if (later.identifier.kind !== kind && !byKind.has(later.identifier.kind)) byKind.set(later.identifier.kind, later)
  return [...byKind.values()]
}

/** An account that has the address and never showed that it is its own loses it: whoever has the link has shown it. */
async function giveBack(tx: Aggregates, given: { accountId: AccountId; state: UndoState; now: number }): Promise<void> {
  const { accountId, state, now } = given
  const { identifier, heldSince } = state
  const { kind, value } = identifier
  await tx.identifiers.removeUnverified({ kind, value, except: accountId })
  await tx.identifiers.remove({ accountId, kind })
  await tx.identifiers.put({ accountId, identifier, verifiedAt: now, createdAt: heldSince })
}
