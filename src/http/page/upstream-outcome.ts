import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Attempt } from '../../domain/attempt.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import { linkKey } from '../../engine/credentials/enrolment.ts'
import type { Requester } from '../../engine/request-context.ts'
import { answerUpstream } from '../../engine/sign-up/newcomer.ts'
import { lookAtChallenge } from '../../engine/tickets/challenge.ts'
import { accountExistsPage } from '../../pages/upstream-pages.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { keepRecentConnection } from '../caller/recent-connection.ts'
import { setSessionCookie } from '../caller/session-cookie.ts'
import type { HttpContext } from '../context.ts'
import { refusalOf } from './attempts.ts'
import { type Destination, pathOn } from './destination.ts'
import { faultOf, faultParameters } from './page-fault.ts'
import type { PageAnswer } from './page-route.ts'
import { showPage } from './show-page.ts'
import { nameOf, showFailure } from './upstreams.ts'

interface Call {
  requester: Requester
  request: FastifyRequest
  reply: FastifyReply
}

interface Answered {
  attempt: Attempt
  method: MethodDefinition
  /** Of the connection. */
  slug: string
  destination: Destination
  invitation: string | undefined
  answer: Record<string, unknown>
  /** The page where it was typed, and may be typed again. */
  again?(more: Readonly<Record<string, string>>): string
}

/** Answers an attempt by a connection, and says what comes next, or what went wrong, on a page. */
export function createUpstreamOutcome({ engine }: HttpContext) {
  return async function finish(call: Call, given: Answered): Promise<PageAnswer> {
    const { requester, request, reply } = call
    const { attempt, method, slug, destination, invitation, answer } = given
    try {
      const asked = { attempt, isNew: false, method, answer, requester, invitation }
      const outcome = await answerUpstream(engine, asked)
      if (outcome.status === 'more') return pathOn(`/signin/${attempt.id}`, destination)
      if (outcome.status === 'refused') throw refusalOf(outcome)
      setSessionCookie(engine, request, reply, outcome.session)
      keepRecentConnection(engine, reply, slug)
      return pathOn('/signin/done', destination)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return explain(call, given, error)
    }
  }

  /** What went wrong, on a page with a way to continue. */
  async function explain(
    call: Call,
    { attempt, method, slug, destination, again }: Answered,
    problem: Problem,
  ): Promise<PageAnswer> {
    const { locale } = call.requester
    const isFurther = attempt.accountId !== null
    const url =
      again?.({}) ??
      (isFurther
        ? pathOn(`/signin/${attempt.id}`, destination)
        : pathOn('/signin', destination, { another: 'yes' }))
    const { upstream: reason } = (problem.extensions?.notes ?? {}) as { upstream?: string }
    const name = await nameOf(engine, slug, locale)
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
    if (fault === 'over' || fault === 'disabled')
      return pathOn('/signin', destination, { another: 'yes', fault })
    if (again) return again(faultParameters(problem))
    return isFurther
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
