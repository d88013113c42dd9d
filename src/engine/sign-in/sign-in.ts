import type { Assurance } from '../../domain/assurance.ts'
import type { OrganisationId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Quota } from '../limits/leaky-bucket.ts'
import type { Requester } from '../request-context.ts'
import { type TokenPair, tokensFor } from '../sessions/issue-tokens.ts'
import { answerChallenge } from './answer-challenge.ts'
import type { SignInNeeds } from './needs.ts'
import { draftAttempt, plainRequest } from './open-attempt.ts'
import type { Outcome } from './types.ts'

export interface SignIn {
  /** The method's id. */
  method: string
  /** Any identifier. */
  name: string
  answer: Record<string, unknown>
  /** Of a further method, where one is asked for. */
  code?: string | undefined
  scope?: string | undefined
  requestedAcr?: Assurance | null
  /** The organisation to sign in to. */
  organisationId?: OrganisationId | null
  requester: Requester
}

export interface SignedIn {
  tokens: TokenPair
  session: Session
  quota: Quota | undefined
}

/**
 * One attempt, begun and answered in one call. Throws `incorrect_credentials` alike for a wrong answer and
 * for an unknown name, `too_many_attempts`, `account_disabled`, `more_evidence_required` with the attempt to
 * continue with, `busy`.
 */
export async function signIn(
  engine: SignInNeeds,
  { name, answer, code, ...request }: SignIn,
): Promise<SignedIn> {
  const { requester } = request
  const { requestedAcr: acr = null, scope = null, organisationId = null } = request
  const wishes = { ...plainRequest, acr, scope, organisationId }
  const attempt = draftAttempt(engine, {
    purpose: 'sign-in',
    loginHint: name,
    request: wishes,
    requester,
    browser: requester.browser,
  })
  const first = { attempt, isNew: true, method: engine.methods.get(request.method), answer, requester, name }
  const result = await answerChallenge(engine, first).catch(incorrect)
  const given = { quota: result.admission.quota, now: requester.now }
  const second =
    code !== undefined && result.status === 'more' ? methodFor(engine, result.offers, code) : undefined
  if (!second) return signedIn(engine, result, { ...given, isUnreadable: code !== undefined })
  const next = { ...first, attempt: result.attempt, isNew: false, method: second, answer: { code } }
  return signedIn(engine, await answerChallenge(engine, next).catch(incorrect), {
    ...given,
    isUnreadable: false,
  })
}

const unreadableCode = {
  field: '/code',
  code: 'unreadable',
  message: 'This is not a code of an offered method: it has too few or too many characters',
}

/** The offered method whose answer has this form and that needs no challenge. */
function methodFor(
  { methods }: SignInNeeds,
  offers: { method: string }[],
  code: string,
): MethodDefinition | undefined {
  return offers
    .map(({ method }) => methods.get(method))
    .find((method) => !method.begin && methods.takes(method, { code }))
}

function signedIn(
  engine: SignInNeeds,
  outcome: Outcome,
  { quota, isUnreadable, now }: { quota: Quota | undefined; isUnreadable: boolean; now: number },
): SignedIn {
  switch (outcome.status) {
    case 'done':
      return { tokens: tokensFor(engine, outcome.session, now), session: outcome.session, quota }
    case 'more':
      throw new Problem('more_evidence_required', {
        extensions: { attempt: outcome.attempt.id, offers: outcome.offers },
        ...(isUnreadable && { errors: [unreadableCode] }),
      })
    case 'refused':
      if (outcome.reason === 'account_disabled') throw new Problem('account_disabled')
      throw new Problem('more_evidence_required', { extensions: { attempt: outcome.attempt.id, offers: [] } })
  }
}

/** This endpoint has its own problem for a wrong answer (DESIGN.md §3). */
function incorrect(error: unknown): never {
  const isRefusal =
    error instanceof Problem && (error.code === 'answer_refused' || error.code === 'challenge_not_open')
  throw isRefusal
    ? new Problem('incorrect_credentials', {
        ...(error.extensions && { extensions: error.extensions }),
        cause: error,
      })
    : error
}
