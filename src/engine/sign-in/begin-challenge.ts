import type { Attempt } from '../../domain/attempt.ts'
import { newTicketId } from '../../domain/id.ts'
import type { Message } from '../../domain/message.ts'
import type { ChallengeStart, MethodDefinition } from '../../domain/method.ts'
import { attemptSubject } from '../accounts/find-account.ts'
import { type Place, placeOf } from '../limits/known-place.ts'
import { uniformResponseTime } from '../limits/uniform-response-time.ts'
import { sendDecoy, sendMessage } from '../messages/send-message.ts'
import type { Requester } from '../request-context.ts'
import { beginOnce, type ChallengeKey, type Memo, openChallenge } from '../tickets/challenge.ts'
import type { SignInNeeds } from './needs.ts'

export const challengeKey = (
  attempt: Pick<Attempt, 'id'>,
  method: Pick<MethodDefinition, 'id'>,
): ChallengeKey => ({
  purpose: 'challenge',
  subject: `${attempt.id}/${method.id}`,
})

/**
 * Begins a method's challenge and withdraws the former one. For an unknown name it answers alike, does the
 * same work, and sends nothing. Throws `too_many_attempts`.
 */
export function beginChallenge(engine: SignInNeeds, given: ChallengeInput): Promise<Record<string, unknown>> {
  // An upstream provider takes its own time, no matter who the user is.
  return given.attempt.accountId === null && given.method.upstream === undefined
    ? uniformResponseTime(() => begin(engine, given), { when: 'always' })
    : begin(engine, given)
}

interface ChallengeInput {
  attempt: Attempt
  method: MethodDefinition
  requester: Requester
  /** An application asks for a new authentication (`prompt=login`, `max_age`). */
  fresh?: boolean
  /** By the method's schema `asks`. */
  asked?: Record<string, unknown>
  /** Kept for the page that continues in another request. */
  memo?: Memo
}

async function begin(
  engine: SignInNeeds,
  { attempt, method, requester, asked = {}, memo, fresh = false }: ChallengeInput,
): Promise<Record<string, unknown>> {
  if (!method.begin) return {}
  const subject = await attemptSubject(engine, attempt)
  if (method.sends)
    await engine.rateLimits.admitSending({
      to: attempt.accountId ?? attempt.hint?.value ?? '',
      source: requester.source,
    })
  const knowsAccount = attempt.accountId !== null
  const id = newTicketId(engine)
  const { now } = requester
  const ctx = engine.methods.context({
    method,
    ...subject,
    requester,
    now,
    // A step-up, too, is about now.
    fresh: fresh || knowsAccount,
    isRecovery: attempt.purpose === 'recover',
    knowsAccount,
    hint: attempt.hint,
    challengeId: id,
  })
  const begun = await method.begin(ctx, asked)
  const message = method.sends && {
    ...(begun.send ?? decoyFor(begun, method.sends)),
    notAfter: now + begun.expiresInSeconds * 1000,
  }
  const place = await placeOf(engine, subject.account?.id, requester)
  const goesOut = message !== undefined && (await mayGoOut(engine, { begun, message, attempt, place }))
  const key = challengeKey(attempt, method)
  const accountId = subject.account?.id ?? null
  return beginOnce(engine, { key, begun, now }, () =>
    engine.store.transaction(async (tx) => {
      await openChallenge(engine, tx, {
        id,
        key,
        accountId,
        begun,
        isAnswerable: message === undefined || goesOut,
        memo,
        now,
      })
      if (message) await (goesOut ? sendMessage : sendDecoy)(engine, tx, message)
      await engine.audit.record(tx, {
        kind: 'challenge.begun',
        actor: 'anonymous',
        subject: accountId,
        details: {
          method: method.id,
          source: requester.source,
          sent: begun.send ? (goesOut ? 'yes' : 'rationed') : null,
        },
      })
    }),
  )
}

/** For an unknown name, decoy limits are read instead, against timing. */
async function mayGoOut(
  engine: SignInNeeds,
  {
    begun: { send },
    message,
    attempt: { hint },
    place,
  }: { begun: ChallengeStart<unknown>; message: Message; attempt: Attempt; place: Place },
): Promise<boolean> {
  if (send) return engine.rateLimits.mayReach(send, { place: place.key })
  await engine.rateLimits.mayReach(
    { channel: message.channel, to: hint?.value ?? message.to },
    { place: null, decoy: true },
  )
  return false
}

/** As long as a real message, so that sealing and writing take as long. */
const decoyFor = ({ challenge }: ChallengeStart<unknown>, channel: Message['channel']): Message => ({
  channel,
  to: 'decoy',
  locale: 'en',
  subject: JSON.stringify(challenge),
  paragraphs: ['.'.repeat(400)],
})
