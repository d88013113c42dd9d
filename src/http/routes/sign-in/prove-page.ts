import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Attempt } from '../../../domain/attempt.ts'
import { idPattern } from '../../../domain/id.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { answerChallenge } from '../../../engine/sign-in/answer-challenge.ts'
import { beginChallenge } from '../../../engine/sign-in/begin-challenge.ts'
import type { Outcome } from '../../../engine/sign-in/types.ts'
import { dismissPage } from '../../../pages/message-page.ts'
import type { Fault } from '../../../pages/parts.ts'
import { words } from '../../../words/pages/index.ts'
import { requesterOf } from '../../caller/requester.ts'
import { sessionOfCookie, setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { faultOf, faultQuery } from '../../page/page-fault.ts'
import { interactionPath, onwardOf, onwardQuery, pathOn } from '../../page/return-to.ts'
import { showPage } from '../../page/show-page.ts'
import { createSignInView } from './prove-view.ts'

const params = Type.Object({ id: Type.String({ pattern: idPattern('att') }) })
const methodName = Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }))
const query = Type.Object({ ...onwardQuery, ...faultQuery, method: methodName })
const isStep = schemaCheck(Type.Object({ method: Type.String(), step: Type.Enum(['choose', 'begin', 'answer']) }))
const schema = { hide: true, querystring: query, params }
/** Where an account that cannot prove enough is told so. */
const unreachable = '/signin/unreachable'

/** Then what proves it. Every form is answered by a redirect: going back and loading again sends nothing twice. */
export function provePageRoutes(context: HttpContext): void {
  const { app, engine } = context
  const view = createSignInView(context)
  const startOf = (request: FastifyRequest, more: Record<string, string>) =>
    pathOn('/signin', onwardOf(request), { another: 'yes', ...more })

  /** From another tab, or by going back: whoever has signed in since goes on, and anybody else begins again. */
  async function afterEnd(request: FastifyRequest): Promise<string> {
    const isDone = (await view.isDone(request)) && (await sessionOfCookie(engine, request)) !== undefined
    return isDone ? pathOn('/signin/done', onwardOf(request)) : startOf(request, { fault: 'over' })
  }

  app.get('/signin/:id', { schema }, async (request, reply) => {
    const attempt = await view.heldBy(request)
    if (!attempt) return reply.redirect(await afterEnd(request), 303)
    const { method, fault = null } = request.query as { method?: string; fault?: Fault }
    const shown = view.chosen(attempt, method)
    return shown
      ? view.show(request, reply, { attempt, method: shown, fault })
      : reply.redirect(pathOn(unreachable, onwardOf(request)), 303)
  })

  app.post('/signin/:id', { schema }, async (request, reply) => {
    const attempt = await view.heldBy(request)
    if (!attempt) return reply.redirect(await afterEnd(request), 303)
    const { method: id, step, username: _, ...answer } = (isStep(request.body) ? request.body : {}) as Record<string, string>
    const method = view.chosen(attempt, id)
    if (!method) return reply.redirect(pathOn(unreachable, onwardOf(request)), 303)
    const here = (more: Record<string, string>) => pathOn(`/signin/${attempt.id}`, onwardOf(request), more)
    try {
      if (step !== 'answer') {
        if (step === 'begin') await beginChallenge(engine, { attempt, method, requester: requesterOf(engine, request) })
        return reply.redirect(here({ method: method.id }), 303)
      }
      const outcome = await prove(request, { attempt, method, answer })
      if (outcome.status === 'more') return reply.redirect(here({}), 303)
      setSessionCookie(engine, request, reply, outcome.session)
      return reply.redirect(pathOn('/signin/done', endedBy(request, attempt)), 303)
    } catch (error) {
      const fault = faultOf(error)
      if (fault === 'unreachable') return reply.redirect(pathOn(unreachable, onwardOf(request)), 303)
      return reply.redirect(fault === 'disabled' ? startOf(request, { fault }) : here({ method: method.id, fault }), 303)
    }
  })

  /** Whoever has got back in sets anew what was lost. */
  const endedBy = (request: FastifyRequest, { purpose }: Attempt) => {
    const onward = onwardOf(request)
    return purpose === 'recover' && onward.interaction === null && onward.returnTo === null
      ? { ...onward, returnTo: '/account/recovered' }
      : onward
  }

  async function prove(
    request: FastifyRequest,
    given: { attempt: Attempt; method: MethodDefinition; answer: Record<string, string> },
  ): Promise<Exclude<Outcome, { status: 'refused' }>> {
    const { method, answer } = given
    // Pressing the button after approving elsewhere is the answer that nothing was typed in.
    const full = method.approve && Object.keys(answer).length === 0 ? { approved: true } : answer
    if (!engine.methods.takes(method, full)) throw new Problem('answer_refused')
    const outcome = await answerChallenge(engine, { ...given, answer: full, isNew: false, requester: requesterOf(engine, request) })
    if (outcome.status === 'refused')
      throw new Problem(outcome.reason === 'account_disabled' ? 'account_disabled' : 'more_evidence_required')
    return outcome
  }

  app.get(unreachable, { schema: { hide: true, querystring: query } }, async (request, reply) => {
    const { interaction } = onwardOf(request)
    const { faults, errors, signIn, site } = words[requesterOf(engine, request).locale]
    const url = interaction === null ? '/account' : `${interactionPath(interaction)}?unmet=yes`
    const label = interaction === null ? site.account : signIn.goOn
    return showPage(engine, request, reply, dismissPage({ title: errors.title, text: faults.unreachable, label, url }))
  })
}
