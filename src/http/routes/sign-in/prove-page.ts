import { Type } from 'typebox'
import type { Attempt } from '../../../domain/attempt.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import { Problem } from '../../../domain/problem.ts'
import { answerChallenge } from '../../../engine/sign-in/answer-challenge.ts'
import { beginChallenge } from '../../../engine/sign-in/begin-challenge.ts'
import type { Outcome } from '../../../engine/sign-in/types.ts'
import { dismissPage } from '../../../pages/message-page.ts'
import { words } from '../../../words/pages.ts'
import { recentAccounts } from '../../caller/recent-accounts.ts'
import { sessionOfCookie, setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { refusalOf } from '../../page/attempts.ts'
import {
  type Destination,
  destinationOf,
  destinationQuery,
  interactionPath,
  pathOn,
} from '../../page/destination.ts'
import { faultOf, faultParameters, faultQuery } from '../../page/page-fault.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { idOf } from '../../schema/schemas.ts'
import { createSignInView } from './prove-view.ts'

const params = Type.Object({ id: idOf('att') })
const methodName = Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }))
const query = Type.Object({ ...destinationQuery, ...faultQuery, method: methodName })
// The method validates its other fields itself.
const stepForm = Type.Object({
  method: methodName,
  step: Type.Optional(Type.Enum(['choose', 'begin', 'answer'])),
  remember: Type.Optional(Type.Literal('yes')),
})
/** Shown to an account that cannot satisfy the policy. */
const unreachable = '/signin/unreachable'
type Call = PageCall<typeof params, typeof query>

/**
 * The proof pages. Every form is answered by a redirect, so that going back or reloading sends nothing twice.
 */
export function provePageRoutes(context: HttpContext): void {
  const { engine } = context
  const view = createSignInView(context)
  const startOf = ({ query }: Call, more: Record<string, string>) =>
    pathOn('/signin', destinationOf(query), { another: 'yes', ...more })
  const hereOf = ({ params, query }: Call, more: Record<string, string>) =>
    pathOn(`/signin/${params.id}`, destinationOf(query), more)

  /**
   * From another tab, or by going back: a user who is signed in by now continues; anyone else begins again.
   */
  async function afterEnd(call: Call): Promise<string> {
    const isDone = (await view.isDone(call)) && (await sessionOfCookie(engine, call.request)) !== undefined
    return isDone ? pathOn('/signin/done', destinationOf(call.query)) : startOf(call, { fault: 'over' })
  }

  pageRoute(context, '/signin/:id', { params, query }, async (call) => {
    const attempt = await view.heldBy(call)
    if (!attempt) return afterEnd(call)
    const recent = recentAccounts(engine, call.request).find((one) => view.isOf(attempt, one))
    const method = view.chosen(attempt, call.query.method ?? recent?.method ?? undefined)
    const { fault = null, wait } = call.query
    const shown = await view.show(call, { attempt, method, fault, wait })
    return shown ?? pathOn(unreachable, destinationOf(call.query))
  })

  formRoute(
    context,
    '/signin/:id',
    {
      params,
      query,
      body: stepForm,
      onProblem(problem, call) {
        const fault = faultOf(problem)
        if (fault === 'unreachable') return pathOn(unreachable, destinationOf(call.query))
        if (fault === 'disabled') return startOf(call, { fault })
        const { method } = call.typed
        // An invalid form may name any method: the page chooses one.
        return hereOf(call, {
          ...(method !== undefined && fault !== 'invalid' && { method }),
          ...faultParameters(problem),
        })
      },
    },
    async (call) => {
      const { requester, request, reply } = call
      const attempt = await view.heldBy(call)
      if (!attempt) return afterEnd(call)
      const {
        method: id,
        step,
        remember,
        username: _,
        ...answer
      } = call.body as typeof call.body & Record<string, string>
      const method = view.chosen(attempt, id)
      if (!method) return hereOf(call, {})
      if (step === 'begin') await beginChallenge(engine, { attempt, method, requester })
      if (step !== 'answer') return hereOf(call, { method: method.id })
      const rememberDevice = remember !== undefined
      const outcome = await prove(call, { attempt, method, answer, rememberDevice })
      if (outcome.status === 'more') return hereOf(call, {})
      setSessionCookie(engine, request, reply, outcome.session)
      return pathOn('/signin/done', endedBy(destinationOf(call.query), attempt))
    },
  )

  /** After a recovery the user replaces what was lost. */
  const endedBy = (destination: Destination, { purpose }: Attempt): Destination =>
    purpose === 'recover' && destination.interaction === null && destination.returnTo === null
      ? { ...destination, returnTo: '/account/recovered' }
      : destination

  async function prove(
    { requester }: Call,
    given: {
      attempt: Attempt
      method: MethodDefinition
      answer: Record<string, string>
      rememberDevice: boolean
    },
  ): Promise<Exclude<Outcome, { status: 'refused' }>> {
    const { method, answer } = given
    // The button pressed after approving elsewhere sends an empty answer.
    const full = method.approve && Object.keys(answer).length === 0 ? { approved: true } : answer
    if (!engine.methods.takes(method, full)) throw new Problem('answer_refused')
    const outcome = await answerChallenge(engine, { ...given, answer: full, isNew: false, requester })
    if (outcome.status === 'refused') throw refusalOf(outcome)
    return outcome
  }

  unreachableRoute(context)
}

function unreachableRoute(context: HttpContext): void {
  const { engine } = context
  pageRoute(context, unreachable, { query }, ({ query, requester: { locale }, request, reply }) => {
    const { interaction } = destinationOf(query)
    const { faults, errors, signIn, site } = words[locale]
    const url = interaction === null ? '/account' : `${interactionPath(interaction)}?unmet=yes`
    const label = interaction === null ? site.account : signIn.goOn
    return showPage(
      engine,
      request,
      reply,
      dismissPage({ title: errors.title, text: faults.unreachable, label, url }),
    )
  })
}
