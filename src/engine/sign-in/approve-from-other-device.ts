import type { Attempt } from '../../domain/attempt.ts'
import type { AttemptId, TicketId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket } from '../../domain/ticket.ts'
import { browserHash, type Requester } from '../request-context.ts'
import { openState, sealState, takeTry } from '../tickets/challenge.ts'
import { challengeKey } from './begin-challenge.ts'
import type { SignInNeeds } from './needs.ts'

export interface Link {
  method: MethodDefinition
  challengeId: TicketId
  token: string
}

export interface OpenedLink {
  attempt: Attempt
  /** True in the browser that began it, which is signed in; any other only approves. */
  isHere: boolean
}

/** What a link would do; does not use it up. Undefined if it is unknown, expired, used or malformed. */
export async function lookAtLink(
  engine: SignInNeeds,
  { method, challengeId, token }: Link,
  { browser, now }: Requester,
): Promise<OpenedLink | undefined> {
  const ticket = await engine.store.tickets.findById({ id: challengeId, purpose: 'challenge', now })
  if (
    !ticket ||
    ticket.triesLeft < 1 ||
    !method.approve?.holds(engine.methods, openState(engine, ticket), token)
  )
    return undefined
  const attempt = await attemptOf(engine, ticket, method)
  if (attempt?.state !== 'open') return undefined
  return { attempt, isHere: browser !== null && browserHash('attempt', browser) === attempt.bindingHash }
}

/**
 * Approves from another device, which is not signed in itself; the device that began can continue. Throws
 * `answer_refused` if the number or the token is wrong, `challenge_not_open`.
 */
export async function approveChallenge(
  engine: SignInNeeds,
  { link, answer, requester }: { link: Link; answer: Record<string, unknown>; requester: Requester },
): Promise<void> {
  const { method, challengeId } = link
  const { now } = requester
  const found = await engine.store.tickets.findById({ id: challengeId, purpose: 'challenge', now })
  const attempt = found && (await attemptOf(engine, found, method))
  if (!attempt || !method.approve) throw new Problem('challenge_not_open')
  const { ticket, state, isAnswerable } = await takeTry(engine, challengeKey(attempt, method), now)
  const approved =
    ticket.id === challengeId && isAnswerable
      ? method.approve.finish(engine.methods, state, answer)
      : undefined
  if (!approved) throw new Problem('answer_refused')
  await engine.store.transaction(async (tx) => {
    const change = {
      id: ticket.id,
      state: sealState(engine, ticket.id, approved, ticket),
      formerState: ticket.state as string,
      now,
    }
    if (!(await tx.tickets.changeState(change))) throw new Problem('challenge_not_open')
    const details = { method: method.id, source: requester.source, user_agent: requester.userAgent }
    await engine.audit.record(tx, {
      kind: 'challenge.approved',
      actor: 'anonymous',
      subject: attempt.accountId,
      details,
    })
  })
}

async function attemptOf(
  engine: SignInNeeds,
  { subject }: Ticket,
  { id }: MethodDefinition,
): Promise<Attempt | undefined> {
  const [attemptId = '', methodId] = (subject ?? '').split('/')
  return methodId === id ? engine.store.attempts.find(attemptId as AttemptId) : undefined
}
