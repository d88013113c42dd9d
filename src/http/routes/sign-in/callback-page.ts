import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Attempt } from '../../../domain/attempt.ts'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { upstreamAnswer } from '../../../domain/upstream-answer.ts'
import { linkKey } from '../../../engine/credentials/enrolment.ts'
import { type Callback, findCallback } from '../../../engine/sign-in/find-callback.ts'
import { holdAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { answerUpstream } from '../../../engine/sign-up/newcomer.ts'
import { lookAtChallenge } from '../../../engine/tickets/challenge.ts'
import { sendOnPage } from '../../../pages/message-page.ts'
import { accountExistsPage } from '../../../pages/upstream-pages.ts'
import { words } from '../../../words/pages.ts'
import { say } from '../../../words/say.ts'
import { keepRecentConnection } from '../../caller/recent-connection.ts'
import { requesterOf } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { refusalOf, unlessThere } from '../../page/attempts.ts'
import { type Destination, pathOn } from '../../page/destination.ts'
import { faultOf } from '../../page/page-fault.ts'
import { answerBytesMax, type FormCall, formRoute, type PageAnswer } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { destinationIn, nameOf, showFailure, slugParams } from '../../page/upstreams.ts'

const fits = schemaCheck(upstreamAnswer)
type Call = FormCall<typeof slugParams, undefined, typeof upstreamAnswer>
type SigningIn = Extract<Callback, { use: 'sign-in' }>

/**
 * Where upstream providers send the browser back, by GET or by a form of theirs. The page passes the answer
 * on to a form of this site: only with that does the browser send its cookies, whichever way it came.
 */
export function callbackPageRoutes(context: HttpContext): void {
  const { app, engine } = context
  const finish = createFinish(context)

  async function receive(
    request: FastifyRequest,
    reply: FastifyReply,
    given: unknown,
  ): Promise<FastifyReply> {
    const { slug } = request.params as Static<typeof slugParams>
    const requester = requesterOf(engine, request)
    const call = { requester, request, reply }
    const answer = answerIn(given)
    const found = answer && (await findCallback(engine, { ...answer, connection: slug, now: requester.now }))
    if (!answer || !found) return showFailure(engine, call, { text: 'over', url: '/signin' })
    const { upstream, signIn } = words[requester.locale]
    const url = `/${found.use === 'link' ? 'account' : 'signin'}/callback/${slug}`
    const { state, code, iss, error, user, saml_response } = answer
    const values = {
      state,
      ...(code && { code }),
      ...(iss && { iss }),
      ...(error && { error }),
      ...(user && { user }),
      ...(saml_response && { saml_response }),
    }
    const content = { title: upstream.returning, label: signIn.continue, url, values }
    return showPage(engine, request, reply, sendOnPage(content))
  }
  const schema = { hide: true, params: slugParams }
  app.get('/v1/callback/:slug', { schema }, (request, reply) => receive(request, reply, request.query))
  const config = { takesForms: true }
  app.post('/v1/callback/:slug', { schema, config, bodyLimit: answerBytesMax }, (request, reply) =>
    receive(request, reply, request.body),
  )

  formRoute(
    context,
    '/signin/callback/:slug',
    {
      params: slugParams,
      body: upstreamAnswer,
      bodyLimit: answerBytesMax,
      onProblem: (problem, call) =>
        problem.code === 'invalid_fields'
          ? showFailure(engine, call, { text: 'over', url: '/signin' })
          : Promise.reject(problem),
    },
    async (call) => {
      const { params, body, requester } = call
      const { now } = requester
      const found = await findCallback(engine, { state: body.state, connection: params.slug, now })
      if (found?.use !== 'sign-in') return showFailure(engine, call, { text: 'over', url: '/signin' })
      const attempt = await unlessThere(holdAttempt(engine, { id: found.attemptId, requester }))
      return attempt
        ? finish(call, found, attempt)
        : showFailure(engine, call, { text: 'over', url: '/signin' })
    },
  )
}

/** By SAML the state comes as RelayState (SAML Bindings §3.5.3). Undefined for what is no answer. */
function answerIn(given: unknown): Static<typeof upstreamAnswer> | undefined {
  const { SAMLResponse, RelayState } = (given ?? {}) as Record<string, unknown>
  const answer = SAMLResponse === undefined ? given : { state: RelayState, saml_response: SAMLResponse }
  return fits(answer) ? (answer as Static<typeof upstreamAnswer>) : undefined
}

function createFinish({ engine }: HttpContext) {
  return async function finish(call: Call, found: SigningIn, attempt: Attempt): Promise<PageAnswer> {
    const { body, requester, request, reply } = call
    const { method, memo } = found
    const destination = destinationIn(memo)
    try {
      const { invitation } = memo
      const given = { attempt, isNew: false, method, answer: { ...body }, requester, invitation }
      const outcome = await answerUpstream(engine, given)
      if (outcome.status === 'more') return pathOn(`/signin/${attempt.id}`, destination)
      if (outcome.status === 'refused') throw refusalOf(outcome)
      setSessionCookie(engine, request, reply, outcome.session)
      keepRecentConnection(engine, reply, call.params.slug)
      return pathOn('/signin/done', destination)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return explain(call, { ...found, attempt, problem: error })
    }
  }

  /** What went wrong, on a page with a way to continue. */
  async function explain(
    call: Call,
    { method, memo, attempt, problem }: SigningIn & { attempt: Attempt; problem: Problem },
  ): Promise<PageAnswer> {
    const { locale } = call.requester
    const destination = destinationIn(memo)
    const isFurther = attempt.accountId !== null
    const url = isFurther
      ? pathOn(`/signin/${attempt.id}`, destination)
      : pathOn('/signin', destination, { another: 'yes' })
    const { upstream: reason } = (problem.extensions?.notes ?? {}) as { upstream?: string }
    const name = await nameOf(engine, call.params.slug, locale)
    switch (problem.code) {
      case 'account_exists':
        return showExisting(call, { attempt, name, destination })
      case 'sign_up_closed':
      case 'invitation_required':
        return showFailure(engine, call, { text: say(locale, words[locale].upstream.closed, { name }), url })
      case 'answer_refused':
        if (reason !== undefined)
          return showFailure(engine, call, { text: method.words[locale][reason] ?? reason, url })
    }
    const fault = faultOf(problem)
    return isFurther && fault !== 'over' && fault !== 'disabled'
      ? pathOn(`/signin/${attempt.id}`, destination, { fault })
      : pathOn('/signin', destination, { another: 'yes', fault })
  }

  async function showExisting(
    call: Call,
    {
      attempt: { bindingHash },
      name,
      destination: { interaction },
    }: { attempt: Attempt; name: string; destination: Destination },
  ): Promise<PageAnswer> {
    const { requester, request, reply } = call
    const { locale } = requester
    const offered = await lookAtChallenge(engine, linkKey(bindingHash), requester.now)
    if (!offered) return showFailure(engine, call, { text: 'over', url: '/signin' })
    const path = pathOn('/signin', { interaction, returnTo: '/account/link' })
    const address = String(offered.challenge.address)
    return showPage(engine, request, reply, accountExistsPage({ locale, name, address, path }))
  }
}
