import { hashSecret } from '../../crypto/equal.ts'
import type { AccountId } from '../../domain/id.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket } from '../../domain/ticket.ts'
import { identifierTaken } from '../accounts/new-account.ts'
import { type UndoState, undoPurpose, undoStateOf } from '../accounts/undo-ticket.ts'
import type { Requester } from '../request-context.ts'
import { endSessionsIn } from '../sessions/revoke.ts'
import { type BegunRecovery, beginRecovery } from './begin-recovery.ts'
import type { RecoveryNeeds, RecoveryTransaction } from './needs.ts'

export interface Undoable {
  accountId: AccountId
  identifier: NormalIdentifier
  /** Events after this moment are shown. */
  since: number
}

/** What the link would restore; does not use it up. Undefined if it is unknown, expired or used. */
export async function lookAtUndo(
  engine: RecoveryNeeds,
  token: string,
  { now }: Requester,
): Promise<Undoable | undefined> {
  const ticket = await engine.store.tickets.findGood({
    secretHash: hashSecret(token),
    purpose: undoPurpose,
    now,
  })
  if (!ticket) return undefined
  const { identifier, doubtfulSince: since } = undoStateOf(engine, ticket)
  return { accountId: ticket.subject as AccountId, identifier, since }
}

/**
 * Restores the former address, ends all sessions, undoes every later change that can be undone, and suspends
 * what was set up meanwhile until the owner confirms it. The link proves control of the address: it begins a
 * recovery, which the policy evaluates like any other. Throws `challenge_not_open`, and `identifier_taken`
 * where another account has verified the address since.
 */
export async function undoIdentifierChange(
  engine: RecoveryNeeds,
  { token, requester, browser }: { token: string; requester: Requester; browser: string },
): Promise<BegunRecovery> {
  const status = await engine.statuses.next('session')
  const undone = await engine.store
    .transaction((tx) => undo(engine, tx, { token, requester, browser, status }))
    .catch(identifierTaken)
  await engine.revocations.poll()
  return undone
}

async function undo(
  engine: RecoveryNeeds,
  tx: RecoveryTransaction,
  {
    token,
    requester,
    browser,
    status,
  }: { token: string; requester: Requester; browser: string; status: string },
): Promise<BegunRecovery> {
  const { now } = requester
  const ticket = await tx.tickets.spend({ secretHash: hashSecret(token), purpose: undoPurpose, now })
  const accountId = ticket?.subject as AccountId | undefined
  if (!ticket || !accountId || (await tx.accounts.lockForUpdate(accountId)) === undefined)
    throw new Problem('challenge_not_open')
  await endSessionsIn(engine, tx, {
    accountId,
    except: null,
    ending: 'identifier_restored',
    actor: 'anonymous',
  })
  const { identifier, doubtfulSince: since } = undoStateOf(engine, ticket)
  await tx.credentials.suspendSince({ accountId, since, now })
  await tx.identifiers.suspendSince({ accountId, since, now })
  for (const state of [
    undoStateOf(engine, ticket),
    ...(await laterChanges(engine, tx, { ticket, kind: identifier.kind, now })),
  ])
    await giveBack(tx, { accountId, state, now })
  const account = await tx.accounts.find(accountId)
  if (!account) throw new Problem('challenge_not_open')
  const details = { kind: identifier.kind, source: requester.source }
  await engine.audit.record(tx, {
    kind: 'identifier.restored',
    actor: 'anonymous',
    subject: accountId,
    details,
  })
  await engine.notify(tx, { account, notice: 'identifier_restored', requester, to: identifier })
  return beginRecovery(engine, tx, { account, method: 'undo-link', identifier, requester, browser, status })
}

/** The first later change of each other kind; their own undo links become invalid. */
async function laterChanges(
  engine: RecoveryNeeds,
  tx: RecoveryTransaction,
  {
    ticket: { subject, createdAt },
    kind,
    now,
  }: { ticket: Ticket; kind: NormalIdentifier['kind']; now: number },
): Promise<UndoState[]> {
  const open = await tx.tickets.listOpen({ purpose: undoPurpose, subject: subject as string, now })
  await tx.tickets.withdraw({ purpose: undoPurpose, subject, now })
  const byKind = new Map<string, UndoState>()
  for (const later of open
    .filter((ticket) => ticket.createdAt >= createdAt)
    .map((ticket) => undoStateOf(engine, ticket)))
    if (later.identifier.kind !== kind && !byKind.has(later.identifier.kind))
      byKind.set(later.identifier.kind, later)
  return [...byKind.values()]
}

/** Another account that has the address unverified loses it: the link proves control of it. */
async function giveBack(
  tx: RecoveryTransaction,
  given: { accountId: AccountId; state: UndoState; now: number },
): Promise<void> {
  const { accountId, state, now } = given
  const { identifier, heldSince } = state
  const { kind, value } = identifier
  await tx.identifiers.removeUnverified({ kind, value, except: accountId })
  await tx.identifiers.remove({ accountId, kind })
  await tx.identifiers.put({ accountId, identifier, verifiedAt: now, createdAt: heldSince })
}
