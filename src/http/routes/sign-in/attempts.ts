import { type Static, Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import type { Attempt } from '../../../domain/attempt.ts'
import { toTimestamp } from '../../../domain/clock.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import { operations } from '../../../domain/policy-document.ts'
import { Problem } from '../../../domain/problem.ts'
import type { Requester } from '../../../engine/request-context.ts'
import { tokensFor } from '../../../engine/sessions/issue-tokens.ts'
import { findLiveSession } from '../../../engine/sessions/live-session.ts'
import { answerChallenge } from '../../../engine/sign-in/answer-challenge.ts'
import { beginChallenge } from '../../../engine/sign-in/begin-challenge.ts'
import { offersFor } from '../../../engine/sign-in/offers.ts'
import {
  holdAttempt,
  lookAtAttempt,
  openAttempt,
  plainRequest,
} from '../../../engine/sign-in/open-attempt.ts'
import type { Outcome } from '../../../engine/sign-in/types.ts'
import { answerUpstream } from '../../../engine/sign-up/newcomer.ts'
import { accountOf } from '../../caller/bearer.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { requesterOf } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { idOf, noBody, offersSchema, operationOf, timestamp, tokenPairSchema } from '../../schema/schemas.ts'
import { rateLimitHeaders } from '../../server/rate-limit-headers.ts'
import { route } from '../../server/route.ts'

const attemptId = idOf('att')
const params = Type.Object({ id: attemptId })
const beginning = Type.Object(
  {
    purpose: Type.Enum(['sign-in', 'step-up', 'link', 'recover'], {
      description:
        '`step-up`, and `link` before something is linked to the account, need the token of their session',
    }),
    login_hint: Type.Optional(
      Type.String({ minLength: 1, maxLength: 254, description: 'Any identifier; a passkey needs none' }),
    ),
    acr: Type.Optional(
      Type.Enum([...assurances], { description: 'The assurance that the application needs' }),
    ),
    scope: Type.Optional(Type.String({ maxLength: 256, description: 'Separated by spaces (RFC 6749 §3.3)' })),
    operation: Type.Optional(
      Type.Enum([...operations], {
        description: 'What a step-up is for, as in the refusal; by default enough for any operation',
      }),
    ),
    remember_device: Type.Optional(
      Type.Boolean({ description: 'Whether to remember this browser as a factor' }),
    ),
  },
  { $id: 'NewAttempt', additionalProperties: false },
)
const attemptSchema = Type.Object(
  {
    id: attemptId,
    purpose: Type.String(),
    status: Type.Enum(['open', 'more', 'done', 'refused', 'expired'], {
      description: '`open`: nothing is proved yet',
    }),
    offers: offersSchema,
    expires_at: timestamp('When it expires'),
    decision: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], {
      description: 'The policy’s last decision, with its reasons',
    }),
  },
  { $id: 'Attempt', description: 'A sign-in, step-up or recovery in progress' },
)
const answered = Type.Object(
  {
    status: Type.Enum(['done', 'more']),
    offers: Type.Optional(offersSchema),
    notes: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Messages of the method, such as how many codes are left',
      }),
    ),
    ...Type.Partial(tokenPairSchema).properties,
  },
  {
    $id: 'AttemptAnswered',
    description: 'Tokens if it is done; otherwise the methods that may be proved next',
  },
)

/** Of an identity that no account has. */
const newcomerProblems = ['account_exists', 'sign_up_closed', 'invitation_required', 'conflict'] as const

export function attemptRoutes(context: HttpContext): void {
  const { engine } = context
  route(context, 'POST /v1/attempts', {
    operationId: 'beginAttempt',
    tag: 'sign-in',
    summary: 'Begin to sign in, step up or recover',
    description:
      'The attempt belongs to the browser or program that began it. The offers do not reveal whether the account exists.',
    body: beginning,
    reply: attemptSchema,
    status: 201,
    errors: [
      'not_authenticated',
      'invalid_token',
      'insufficient_user_authentication',
      'too_many_attempts',
      'account_disabled',
    ],
    async handler({ body, request, reply }) {
      const requester = requesterOf(engine, request)
      const browser = keepBrowser(engine, request, reply)
      const raises = body.purpose === 'step-up' || body.purpose === 'link'
      const sid = raises ? (await accountOf(engine, request)).sid : undefined
      const session = sid && (await findLiveSession(engine, { id: sid, now: requester.now }))
      if (sid && !session) throw new Problem('invalid_token')
      // An API key cannot step up to a user's session.
      if (session?.origin === 'key')
        throw new Problem('insufficient_user_authentication', { detail: 'An API key cannot do this' })
      const { attempt } = await openAttempt(engine, {
        purpose: body.purpose,
        loginHint: body.login_hint,
        request: {
          ...plainRequest,
          acr: body.acr ?? null,
          scope: body.scope ?? null,
          rememberDevice: body.remember_device ?? false,
          operation: session ? (body.operation ?? 'any') : null,
        },
        requester,
        browser,
        session,
      })
      return present(context, attempt, requester)
    },
  })

  route(context, 'GET /v1/attempts/:id', {
    operationId: 'getAttempt',
    tag: 'sign-in',
    summary: 'The state of an attempt, with reasons',
    params,
    reply: attemptSchema,
    errors: ['not_found'],
    handler: async ({ params: { id }, request }) =>
      present(
        context,
        await lookAtAttempt(engine, { id, requester: requesterOf(engine, request) }),
        requesterOf(engine, request),
      ),
  })
  // API keys authenticate no person.
  for (const method of engine.methods.list.filter(({ bearer }) => bearer === undefined))
    methodRoutes(context, method)
}

function methodRoutes(context: HttpContext, method: MethodDefinition): void {
  const { engine } = context
  const label = method.words.en.label
  route(context, `POST /v1/attempts/:id/${method.id}`, {
    operationId: operationOf('beginProof', method.id),
    tag: 'sign-in',
    summary: `Begin: ${label}`,
    params,
    body: method.asks ?? noBody,
    reply: Type.Object({ challenge: Type.Object({}, { additionalProperties: true }) }),
    errors: [
      'not_found',
      'attempt_over',
      'too_many_attempts',
      ...(method.upstream === 'redirect' ? (['upstream_unavailable'] as const) : []),
    ],
    async handler({ params: { id }, body, request }) {
      const requester = requesterOf(engine, request)
      const attempt = await holdAttempt(engine, { id, requester })
      const asked = (body ?? {}) as Record<string, string>
      const memo = method.upstream === 'redirect' && asked
      return {
        challenge: await beginChallenge(engine, { attempt, method, requester, asked, ...(memo && { memo }) }),
      }
    },
  })

  route(context, `POST /v1/attempts/:id/${method.id}/answer`, {
    operationId: operationOf('answerProof', method.id),
    tag: 'sign-in',
    summary: `Answer: ${label}`,
    params,
    body: method.answer,
    reply: answered,
    errors: [
      'not_found',
      'answer_refused',
      'challenge_not_open',
      'account_disabled',
      'more_evidence_required',
      'attempt_over',
      'too_many_attempts',
      'busy',
      ...(method.upstream ? newcomerProblems : []),
      ...(method.upstream === 'form' ? (['upstream_unavailable'] as const) : []),
    ],
    async handler({ params: { id }, body, request, reply }) {
      const requester = requesterOf(engine, request)
      const attempt = await holdAttempt(engine, { id, requester })
      const answer = body as Record<string, unknown>
      const { admission, ...outcome } = await (method.upstream ? answerUpstream : answerChallenge)(engine, {
        attempt,
        isNew: false,
        method,
        answer,
        requester,
      })
      if (admission.quota) reply.headers(rateLimitHeaders(admission.quota))
      if (outcome.status === 'done') setSessionCookie(engine, request, reply, outcome.session)
      return presentOutcome(context, outcome, requester)
    },
  })
}

/** Throws if the policy cannot be satisfied. */
function presentOutcome(
  { engine }: HttpContext,
  outcome: Outcome,
  { now }: Requester,
): Static<typeof answered> {
  const notes = Object.keys(outcome.notes).length > 0 ? { notes: outcome.notes } : {}
  switch (outcome.status) {
    case 'done':
      return { status: 'done', ...tokensFor(engine, outcome.session, now), ...notes }
    case 'more':
      return { status: 'more', offers: outcome.offers, ...notes }
    case 'refused':
      if (outcome.reason === 'account_disabled') throw new Problem('account_disabled')
      throw new Problem('more_evidence_required', {
        detail: 'The account has no methods that could prove what is required',
        extensions: { attempt: outcome.attempt.id, offers: [], reasons: outcome.attempt.decision?.reasons },
      })
  }
}

async function present(
  { engine }: HttpContext,
  attempt: Attempt,
  { now, locale }: Requester,
): Promise<Static<typeof attemptSchema>> {
  const isLate = attempt.state === 'open' && attempt.expiresAt <= now
  const status = isLate
    ? 'expired'
    : attempt.state === 'open' && attempt.accountId !== null
      ? 'more'
      : attempt.state
  return {
    id: attempt.id,
    purpose: attempt.purpose,
    status,
    offers: attempt.state === 'open' && !isLate ? await offersFor(engine, attempt, locale) : [],
    expires_at: toTimestamp(attempt.expiresAt),
    decision: attempt.decision,
  }
}
