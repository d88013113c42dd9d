import { type AccountId, type AttemptId, idPattern, type TicketId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { type Memo, openMemo } from '../tickets/challenge.ts'
import type { SignInNeeds } from './needs.ts'

/** What an answer of an upstream provider belongs to. Proves nothing: the method checks the state. */
export type Callback = { method: MethodDefinition; memo: Memo } & (
  | { use: 'sign-in'; attemptId: AttemptId }
  | { use: 'link'; accountId: AccountId }
)

const isState = new RegExp(`^(?<id>${idPattern('tkt').slice(1, -1)})\\.[\\w-]{20,}$`)

/** Undefined if the state is unknown, expired or used, or was made for another connection (RFC 9700 §4.4). */
export async function findCallback(
  engine: SignInNeeds,
  { state, connection, now }: { state: string; connection: string; now: number },
): Promise<Callback | undefined> {
  const id = isState.exec(state)?.groups?.id as TicketId | undefined
  if (id === undefined) return undefined
  for (const [purpose, use] of [
    ['challenge', 'sign-in'],
    ['enrolment', 'link'],
  ] as const) {
    const ticket = await engine.store.tickets.findById({ id, purpose, now })
    const [owner = '', methodId = ''] = (ticket?.subject ?? '').split('/')
    const method = engine.methods.find(methodId)
    const memo = ticket && openMemo(engine, ticket)
    if (!memo || method?.upstream !== 'redirect' || memo.connection !== connection) continue
    return use === 'sign-in'
      ? { method, memo, use, attemptId: owner as AttemptId }
      : { method, memo, use, accountId: owner as AccountId }
  }
  return undefined
}
