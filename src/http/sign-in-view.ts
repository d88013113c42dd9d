import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Attempt } from '../domain/attempt.ts'
import type { AttemptId } from '../domain/id.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { Problem } from '../domain/problem.ts'
import { offersFor } from '../engine/attempts/offers.ts'
import { holdAttempt } from '../engine/attempts/open-attempt.ts'
import { dismissPage, messagePage, onwardPage } from '../pages/message-page.ts'
import { provePage } from '../pages/sign-in-page.ts'
import { fill, type SignInWords, signInWords } from '../pages/sign-in-words.ts'
import type { HttpContext } from './context.ts'
import { requesterOf } from './requester.ts'
import { showPage } from './show-page.ts'

/** A page of the sign-in, for whatever interaction it is part of. */
export const signInPath = (interaction: string | null, attempt?: string): string =>
  `/signin${attempt === undefined ? '' : `/${attempt}`}${interaction === null ? '' : `?interaction=${interaction}`}`

/** Where an interaction goes on. */
const interactionPath = (uid: string): string => `/oauth/interaction/${uid}`

/** What the sign-in pages show of an attempt, and where they lead afterwards. */
export function createSignInView({ engine, openid }: HttpContext) {
  const interactionOf = ({ query }: FastifyRequest): string | null => (query as { interaction?: string }).interaction ?? null

  async function heldBy(request: FastifyRequest): Promise<Attempt | undefined> {
    const { id } = request.params as { id: AttemptId }
    return holdAttempt(engine, { id, requester: requesterOf(engine, request) }).catch((error) => {
      if (error instanceof Problem && (error.code === 'not_found' || error.code === 'attempt_over')) return undefined
      throw error
    })
  }

  /** Those that a form or a script can ask for. */
  const offered = (attempt: Attempt): MethodDefinition[] =>
    offersFor(engine, attempt)
      .map(({ method }) => engine.methods.get(method))
      .filter(({ form, script }) => form.length > 0 || script !== undefined)

  function firstOf(attempt: Attempt): MethodDefinition {
    const ways = offered(attempt)
    const first = ways.find(({ form }) => form.length > 0) ?? ways[0]
    if (!first) throw new Problem('more_evidence_required')
    return first
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    given: { attempt: Attempt; method: MethodDefinition; challenge: Record<string, unknown> | null; fault: keyof SignInWords | null },
  ): Promise<FastifyReply> {
    const { attempt, method } = given
    const about = await openid.peek(interactionOf(request))
    const locale = about?.locale ?? requesterOf(engine, request).locale
    const others = offered(attempt).filter(({ id }) => id !== method.id)
    const interaction = interactionOf(request)
    const onward = interaction === null ? '/signin/done' : interactionPath(interaction)
    const page = {
      ...given,
      locale,
      onward,
      path: request.url,
      client: about?.clientName ?? null,
      others,
      isFurther: attempt.accountId !== null,
    }
    return showPage(engine, request, reply, { ...provePage(page), locale })
  }

  /** Not a redirect: a browser would not let a form's reply lead to another site in the end. */
  async function goOn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const interaction = interactionOf(request)
    const words = signInWords[requesterOf(engine, request).locale]
    if (interaction === null) return showPage(engine, request, reply, messagePage(words.doneTitle, words.done))
    const about = await openid.peek(interaction)
    const title = fill(words.goingOn, { client: about?.clientName ?? '' })
    return showPage(engine, request, reply, onwardPage({ title, label: words.goOn, url: interactionPath(interaction) }))
  }

  function startAgain(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return reply.redirect(signInPath(interactionOf(request)), 303)
  }

  async function showUnreachable(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const words = signInWords[requesterOf(engine, request).locale]
    const interaction = interactionOf(request)
    if (interaction === null) return showPage(engine, request, reply, messagePage(words.errorTitle, words.unreachable))
    const url = `${interactionPath(interaction)}?unmet=yes`
    return showPage(engine, request, reply, dismissPage({ title: words.errorTitle, text: words.unreachable, label: words.goOn, url }))
  }

  return { interactionOf, heldBy, offered, firstOf, show, goOn, startAgain, showUnreachable }
}
