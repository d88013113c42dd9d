import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { upstreamAnswer } from '../../../domain/upstream-answer.ts'
import { mayBeginThere } from '../../../engine/connections/upstreams.ts'
import { findCallback } from '../../../engine/sign-in/find-callback.ts'
import { holdAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { sendOnPage } from '../../../pages/message-page.ts'
import { words } from '../../../words/pages.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { unlessThere } from '../../page/attempts.ts'
import { answerBytesMax, formRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { createUpstreamOutcome } from '../../page/upstream-outcome.ts'
import { destinationIn, showFailure, slugParams } from '../../page/upstreams.ts'

const fits = schemaCheck(upstreamAnswer)

/**
 * Where upstream providers send the browser back, by GET or by a form of theirs. The page passes the answer
 * on to a form of this site: only with that does the browser send its cookies, whichever way it came.
 */
export function callbackPageRoutes(context: HttpContext): void {
  const { app, engine } = context
  const finish = createUpstreamOutcome(context)

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
    // It says nothing that counts: our own request follows, whose answer no one can have prepared.
    if (!found && isUnasked(given) && (await mayBeginThere(engine, slug)))
      return reply.redirect(`/signin/with/${slug}`, 303)
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
      if (!attempt) return showFailure(engine, call, { text: 'over', url: '/signin' })
      const { method, memo } = found
      const destination = destinationIn(memo)
      const given = { attempt, method, slug: params.slug, destination, invitation: memo.invitation }
      return finish(call, { ...given, answer: { ...body } })
    },
  )
}

const isUnasked = (given: unknown): boolean =>
  (given as { SAMLResponse?: unknown } | null)?.SAMLResponse !== undefined

/** By SAML the state comes as RelayState (SAML Bindings §3.5.3). Undefined for what is no answer. */
function answerIn(given: unknown): Static<typeof upstreamAnswer> | undefined {
  const { SAMLResponse, RelayState } = (given ?? {}) as Record<string, unknown>
  const answer = SAMLResponse === undefined ? given : { state: RelayState, saml_response: SAMLResponse }
  return fits(answer) ? (answer as Static<typeof upstreamAnswer>) : undefined
}
