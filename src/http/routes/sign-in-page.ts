import { Type } from 'typebox'
import { idPattern } from '../../domain/id.ts'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import { answerChallenge } from '../../engine/attempts/answer.ts'
import { beginChallenge } from '../../engine/attempts/begin-challenge.ts'
import { openAttempt } from '../../engine/attempts/open-attempt.ts'
import { messagePage } from '../../pages/message-page.ts'
import { namePage } from '../../pages/sign-in-page.ts'
import { type SignInWords, signInWords } from '../../pages/sign-in-words.ts'
import { keepBrowser } from '../browser-cookie.ts'
import type { HttpContext } from '../context.ts'
import { requesterOf } from '../requester.ts'
import { isFromThisSite, setSessionCookie } from '../session-cookie.ts'
import { showPage } from '../show-page.ts'
import { createSignInView, signInPath } from '../sign-in-view.ts'

const query = Type.Object({ interaction: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' })) })
const params = Type.Object({ id: Type.String({ pattern: idPattern('att') }) })
const isName = schemaCheck(Type.Object({ username: Type.String({ minLength: 1, maxLength: 254 }) }, { additionalProperties: false }))
const isStep = schemaCheck(Type.Object({ method: Type.String(), step: Type.Enum(['choose', 'begin', 'answer']) }))

const faults: Partial<Record<ProblemCode, keyof SignInWords>> = {
  answer_refused: 'wrong',
  invalid_fields: 'wrong',
  challenge_not_open: 'over',
  too_many_attempts: 'throttled',
  account_disabled: 'disabled',
  more_evidence_required: 'unreachable',
  busy: 'busy',
}

/** Signing in by pages, over the same calls as the API; works without script. */
export function signInPageRoutes(context: HttpContext): void {
  nameRoutes(context)
  proofRoutes(context)
}

/** First who it is. */
function nameRoutes(context: HttpContext): void {
  const { app, engine, openid } = context
  const { interactionOf } = createSignInView(context)
  app.get('/signin', { schema: { hide: true, querystring: query } }, async (request, reply) => {
    keepBrowser(engine, request, reply)
    const about = await openid.peek(interactionOf(request))
    const locale = about?.locale ?? requesterOf(engine, request).locale
    const page = { locale, path: request.url, client: about?.clientName ?? null, fault: null, name: about?.loginHint ?? '' }
    return showPage(engine, request, reply, { ...namePage(page), locale })
  })

  app.post('/signin', { schema: { hide: true, querystring: query } }, async (request, reply) => {
    if (!isFromThisSite(engine, request)) throw new Problem('cross_site_request')
    const interaction = interactionOf(request)
    const about = await openid.peek(interaction)
    const requester = requesterOf(engine, request)
    const { username } = (isName(request.body) ? request.body : { username: '' }) as { username: string }
    try {
      const { attempt } = await openAttempt(engine, {
        purpose: 'sign-in',
        loginHint: username,
        request: { acr: about?.acr ?? null, scope: null, rememberDevice: false, clientId: about?.clientId ?? firstPartyClientId },
        requester,
        browser: keepBrowser(engine, request, reply),
      })
      return reply.redirect(signInPath(interaction, attempt.id), 303)
    } catch (error) {
      const fault = faultOf(error)
      const page = {
        locale: about?.locale ?? requester.locale,
        path: request.url,
        client: about?.clientName ?? null,
        fault,
        name: username,
      }
      return showPage(engine, request, reply.code((error as Problem).status), { ...namePage(page), locale: page.locale })
    }
  })

  app.get('/signin/done', { schema: { hide: true } }, async (request, reply) => {
    const words = signInWords[requesterOf(engine, request).locale]
    return showPage(engine, request, reply, messagePage(words.doneTitle, words.done))
  })
}

/** Then what proves it. */
function proofRoutes(context: HttpContext): void {
  const { app, engine } = context
  const view = createSignInView(context)
  const { show } = view

  app.get('/signin/:id', { schema: { hide: true, querystring: query, params } }, async (request, reply) => {
    const attempt = await view.heldBy(request)
    if (!attempt) return view.startAgain(request, reply)
    return show(request, reply, { attempt, method: view.firstOf(attempt), challenge: null, fault: null })
  })

  app.post('/signin/:id', { schema: { hide: true, querystring: query, params } }, async (request, reply) => {
    if (!isFromThisSite(engine, request)) throw new Problem('cross_site_request')
    const attempt = await view.heldBy(request)
    if (!attempt) return view.startAgain(request, reply)
    const { method: id, step, ...answer } = (isStep(request.body) ? request.body : {}) as Record<string, string>
    const method = view.offered(attempt).find((one) => one.id === id) ?? view.firstOf(attempt)
    const requester = requesterOf(engine, request)
    try {
      if (step !== 'answer') {
        const challenge = method.begin ? await beginChallenge(engine, { attempt, method, requester }) : {}
        return show(request, reply, { attempt, method, challenge, fault: null })
      }
      if (!engine.methods.takes(method, answer)) throw new Problem('invalid_fields')
      const outcome = await answerChallenge(engine, { attempt, isNew: false, method, answer, requester })
      switch (outcome.status) {
        case 'done':
          setSessionCookie(engine, request, reply, outcome.session)
          return view.goOn(request, reply)
        case 'more':
          return show(request, reply, { attempt: outcome.attempt, method: view.firstOf(outcome.attempt), challenge: null, fault: null })
        case 'refused':
          throw new Problem(outcome.reason === 'account_disabled' ? 'account_disabled' : 'more_evidence_required')
      }
    } catch (error) {
      const fault = faultOf(error)
      const status = (error as Problem).status
      if (fault === 'unreachable') return view.showUnreachable(request, reply.code(status))
      return show(request, reply.code(status), { attempt, method, challenge: step === 'answer' && fault !== 'over' ? {} : null, fault })
    }
  })
}

function faultOf(error: unknown): keyof SignInWords {
  const fault = error instanceof Problem ? faults[error.code] : undefined
  if (fault === undefined) throw error
  return fault
}
