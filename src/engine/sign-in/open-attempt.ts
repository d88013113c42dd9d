import type { Attempt, AttemptPurpose, AttemptRequest } from '../../domain/attempt.ts'
import { type AttemptId, newAttemptId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { firstPartyClientId, type Session } from '../../domain/session.ts'
import { findById, normalName } from '../accounts/find-account.ts'
import { evaluateAttempt } from '../policy/evaluate-attempt.ts'
import { browserHash, type Requester } from '../request-context.ts'
import type { SignInNeeds } from './needs.ts'

const attemptSeconds = 600

/** A plain sign-in, without an application's requirements. */
export const plainRequest: AttemptRequest = {
  acr: null,
  scope: null,
  rememberDevice: false,
  clientId: firstPartyClientId,
  operation: null,
  organisationId: null,
  recovered: false,
}

export interface OpenAttempt {
  purpose: Exclude<AttemptPurpose, 'sign-up'>
  loginHint?: string | undefined
  request: AttemptRequest
  requester: Requester
  /** The value of the browser's cookie, made new where it brought none. */
  browser: string
  /** The session to step up. */
  session?: Session | undefined
  /** What the session proved before does not count. */
  anew?: boolean
}

/** A new attempt without evidence. Not stored. */
export function draftAttempt(
  engine: SignInNeeds,
  given: Omit<OpenAttempt, 'browser'> & { browser: string | null },
): Attempt {
  const { purpose, loginHint, request, requester, browser, session, anew = false } = given
  const { now } = requester
  return {
    id: newAttemptId(engine),
    purpose,
    state: 'open',
    accountId: session?.accountId ?? null,
    hint: (loginHint !== undefined && normalName(engine, loginHint, requester.locale)) || null,
    bindingHash: browser === null ? '' : browserHash('attempt', browser),
    holder: requester.browser !== null || requester.isBrowser ? 'cookie' : 'id',
    sessionId: session?.id ?? null,
    request: { ...request, recovered: session?.origin === 'recover' },
    evidence: anew ? [] : (session?.evidence ?? []),
    decisionInputs: null,
    decision: null,
    source: requester.source,
    createdAt: now,
    expiresAt: now + attemptSeconds * 1000,
  }
}

/**
 * Begins an attempt. An anonymous user gets the same offers for every name. A step-up begins with its
 * session's evidence. Throws `too_many_attempts`, `conflict` if there is nothing to step up to.
 */
export async function openAttempt(engine: SignInNeeds, given: OpenAttempt): Promise<{ attempt: Attempt }> {
  await engine.rateLimits.admitAttempt(given.requester.source)
  const attempt = draftAttempt(engine, given)
  if (attempt.accountId) await judgeStepUp(engine, attempt, given.requester)
  await engine.store.attempts.insert(attempt)
  return { attempt }
}

/**
 * If the session's evidence is enough already, the client still wants a step-up: evidence is asked for again.
 */
async function judgeStepUp(engine: SignInNeeds, attempt: Attempt, { now }: Requester): Promise<void> {
  const subject = await findById(engine, attempt.accountId as NonNullable<Attempt['accountId']>)
  if (!subject.account) throw new Problem('invalid_token')
  const about = {
    account: subject.account,
    credentials: subject.credentials,
    newDevice: false,
    isKnownPlace: true,
    now,
  }
  const first = await evaluateAttempt(engine, engine.store, { attempt, ...about })
  if (first.decision.outcome !== 'satisfied') return void Object.assign(attempt, first)
  attempt.evidence = []
  Object.assign(attempt, await evaluateAttempt(engine, engine.store, { attempt, ...about }))
}

/**
 * The attempt, for its holder: the browser with its cookie, or a program with its id. Throws `not_found`,
 * `attempt_over`.
 */
export async function holdAttempt(
  engine: SignInNeeds,
  { id, requester }: { id: AttemptId; requester: Requester },
): Promise<Attempt> {
  const attempt = await lookAtAttempt(engine, { id, requester })
  if (attempt.state !== 'open' || attempt.expiresAt <= requester.now) throw new Problem('attempt_over')
  return attempt
}

/** The same, also for an attempt that has ended. */
export async function lookAtAttempt(
  engine: SignInNeeds,
  { id, requester }: { id: AttemptId; requester: Requester },
): Promise<Attempt> {
  const attempt = await engine.store.attempts.find(id)
  if (!attempt) throw new Problem('not_found')
  const { browser, isBrowser } = requester
  if (browser === null) {
    if (isBrowser || attempt.holder === 'cookie') throw new Problem('not_found')
    return attempt
  }
  if (browserHash('attempt', browser) !== attempt.bindingHash) throw new Problem('not_found')
  if (attempt.holder === 'id') await engine.store.attempts.bindToCookie(attempt)
  return attempt
}
