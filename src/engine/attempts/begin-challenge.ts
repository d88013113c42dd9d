import type { Attempt } from '../../domain/attempt.ts'
import { newTicketId } from '../../domain/id.ts'
import type { Message } from '../../domain/message.ts'
import type { Begun, MethodDefinition } from '../../domain/method.ts'
import { type ChallengeKey, openChallenge } from '../challenge.ts'
import type { Engine } from '../engine.ts'
import type { Requester } from '../requester.ts'
import { sendDecoy, sendMessage } from '../send-message.ts'
import { subjectOf } from '../subject.ts'

export const challengeKey = (attempt: Pick<Attempt, 'id'>, method: Pick<MethodDefinition, 'id'>): ChallengeKey => ({
  purpose: 'challenge',
  subject: `${attempt.id}/${method.id}`,
})

/**
 * Asks one method for its challenge; the one before becomes worthless. For a name that nobody has it answers alike, does
 * the same work, and sends nothing. Throws `too_many_attempts`.
 */
export async function beginChallenge(
  engine: Engine,
  { attempt, method, requester }: { attempt: Attempt; method: MethodDefinition; requester: Requester },
): Promise<Record<string, unknown>> {
  if (!method.begin) return {}
  const subject = await subjectOf(engine, attempt)
  if (method.sends) await engine.rations.admitSending({ to: attempt.accountId ?? attempt.hint?.value ?? '', source: requester.source })
  const knowsAccount = attempt.accountId !== null
  const id = newTicketId(engine)
  const ctx = engine.methods.context({
    method,
    ...subject,
    requester,
    now: engine.clock.now(),
    knowsAccount,
    hint: attempt.hint,
    challengeId: id,
  })
  const begun = await method.begin(ctx)
  const deliverable = begun.send && (await engine.rations.mayReach(begun.send))
  await engine.store.transaction(async (tx) => {
    await openChallenge(engine, tx, { id, key: challengeKey(attempt, method), begun })
    if (method.sends) {
      const message = { ...(begun.send ?? decoyFor(begun, method.sends)), notAfter: engine.clock.now() + begun.expiresInSeconds * 1000 }
      await (deliverable ? sendMessage : sendDecoy)(engine, tx, message)
    }
    await engine.audit.record(tx, {
      kind: 'challenge.begun',
      actor: 'anonymous',
      subject: subject.account?.id ?? null,
      details: { method: method.id, source: requester.source, sent: begun.send ? (deliverable ? 'yes' : 'rationed') : null },
    })
  })
  return begun.challenge
}

/** As long as a real one, so that sealing and writing it takes as long. */
const decoyFor = ({ challenge }: Begun<unknown>, channel: Message['channel']): Message => ({
  channel,
  to: 'nobody',
  locale: 'en',
  subject: JSON.stringify(challenge),
  paragraphs: ['.'.repeat(400)],
})
