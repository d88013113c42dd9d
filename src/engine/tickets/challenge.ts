import type { AccountId, TicketId } from '../../domain/id.ts'
import type { ChallengeStart } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket, TicketPurpose } from '../../domain/ticket.ts'
import { UniqueViolation } from '../../store/database.ts'
import { draftTicket } from './draft-ticket.ts'
import type { TicketNeeds, TicketTransaction } from './needs.ts'

const nonceBytes = 32

/** Of a page: where the user continues. */
export type Memo = Readonly<Record<string, string>>

/** A challenge of an attempt or an account, for one method. One is open at a time. */
export interface ChallengeKey {
  purpose: Extract<TicketPurpose, 'challenge' | 'enrolment' | 'identifier-change' | 'link'>
  subject: string
}

export interface NewChallenge {
  id: TicketId
  key: ChallengeKey
  /** The account; null if no account has the name. */
  accountId: AccountId | null
  begun: Pick<ChallengeStart<unknown>, 'challenge' | 'state' | 'expiresInSeconds' | 'tries'>
  /** False if the code was not sent: then no answer is accepted, not even a lucky guess. */
  isAnswerable: boolean
  memo?: Memo | undefined
  now: number
}

/** Opens a challenge in place of the former one. `state` is sealed, and bound to this ticket. */
export async function openChallenge(
  engine: TicketNeeds,
  tx: TicketTransaction,
  { id, key, accountId, begun, isAnswerable, memo, now }: NewChallenge,
): Promise<void> {
  const ticket = draftTicket(engine, {
    ...key,
    id,
    accountId,
    // found by its subject, never by a secret
    secretHash: engine.random.bytes(nonceBytes).toString('base64url'),
    state: seal(engine, id, {
      state: begun.state,
      challenge: begun.challenge,
      ...(!isAnswerable && { unanswerable: true }),
      ...(memo && { memo }),
    }),
    triesLeft: begun.tries ?? 1,
    lifetimeSeconds: begun.expiresInSeconds,
    now,
  })
  await tx.tickets.withdraw({ ...key, now })
  await tx.tickets.insert(ticket)
}

/**
 * For concurrent starts of the same challenge, such as a double click: one writes, and both get its
 * challenge.
 */
export async function beginOnce(
  engine: TicketNeeds,
  { key, begun, now }: Pick<NewChallenge, 'key' | 'begun' | 'now'>,
  write: () => Promise<void>,
) {
  try {
    await write()
    return begun.challenge
  } catch (error) {
    const other = error instanceof UniqueViolation ? await lookAtChallenge(engine, key, now) : undefined
    if (!other) throw error
    return other.challenge
  }
}

/** Uses one try of the open challenge before the answer is checked. Throws `challenge_not_open`. */
export async function takeTry(
  engine: TicketNeeds,
  key: ChallengeKey,
  now: number,
): Promise<{ ticket: Ticket; state: unknown; isAnswerable: boolean }> {
  const ticket = await engine.store.tickets.takeTry({ ...key, now })
  if (!ticket) throw new Problem('challenge_not_open')
  const { state, unanswerable } = opened(engine, ticket)
  return { ticket, state, isAnswerable: unanswerable !== true }
}

/** Single use: throws `challenge_not_open` if another answer was faster. */
export async function spendChallenge(tx: TicketTransaction, ticket: Ticket, now: number): Promise<void> {
  if (!(await tx.tickets.spendById({ id: ticket.id, now }))) throw new Problem('challenge_not_open')
}

/** The open challenge as it was shown, for a page that is reloaded. Undefined if there is none. */
export async function lookAtChallenge(
  engine: TicketNeeds,
  key: ChallengeKey,
  now: number,
): Promise<{ challenge: Record<string, unknown>; begunAt: number } | undefined> {
  const ticket = await engine.store.tickets.findOpen({ ...key, now })
  if (!ticket || ticket.triesLeft < 1) return undefined
  return { challenge: opened(engine, ticket).challenge ?? {}, begunAt: ticket.createdAt }
}

interface Sealed {
  state: unknown
  unanswerable?: true
  challenge?: Record<string, unknown>
  memo?: Memo
}

/** The binding of a ticket's sealed state. */
export const ticketBinding = (id: Ticket['id']): string => `ticket/${id}`

const seal = ({ sealer }: TicketNeeds, id: Ticket['id'], sealed: Sealed): string =>
  sealer.seal(JSON.stringify(sealed), ticketBinding(id))
const opened = ({ sealer }: TicketNeeds, { id, state }: Ticket): Sealed =>
  state === null ? { state: {} } : JSON.parse(sealer.open(state, ticketBinding(id)))

/** `former`: the challenge continues, and with it what was shown. */
export const sealState = (engine: TicketNeeds, id: Ticket['id'], state: unknown, former?: Ticket): string =>
  seal(engine, id, { ...(former && opened(engine, former)), state })
export const openMemo = (engine: TicketNeeds, ticket: Ticket): Memo => opened(engine, ticket).memo ?? {}
export const openState = (engine: TicketNeeds, ticket: Ticket): unknown => opened(engine, ticket).state
