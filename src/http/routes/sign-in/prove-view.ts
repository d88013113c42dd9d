import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Attempt } from '../../../domain/attempt.ts'
import type { AttemptId } from '../../../domain/id.ts'
import { normaliseIdentifier } from '../../../domain/identifier.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import { readingRules } from '../../../engine/accounts/reading-rules.ts'
import type { Requester } from '../../../engine/request-context.ts'
import { challengeKey } from '../../../engine/sign-in/begin-challenge.ts'
import { homeBrand } from '../../../engine/sign-in/home-realm.ts'
import { methodsOffered } from '../../../engine/sign-in/offers.ts'
import { holdAttempt, lookAtAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { lookAtChallenge } from '../../../engine/tickets/challenge.ts'
import type { Fault } from '../../../pages/parts.ts'
import { provePage } from '../../../pages/prove-page.ts'
import { plainReasons } from '../../../pages/reasons.ts'
import { pageLocale } from '../../caller/locale.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { accountLabel } from '../../page/account-label.ts'
import { unlessThere } from '../../page/attempts.ts'
import { destinationOf, pathOn } from '../../page/destination.ts'
import { resendWait } from '../../page/resend-wait.ts'
import { showPage } from '../../page/show-page.ts'
import { upstreamsOffered } from '../../page/upstreams.ts'

interface Asked {
  params: { id: AttemptId }
  query: Parameters<typeof destinationOf>[0]
  requester: Requester
  request: FastifyRequest
  reply: FastifyReply
}

/** The view of an attempt on the proof page. */
export function createSignInView({ engine, openid }: HttpContext) {
  const asked = ({ params: { id }, requester }: Asked) => ({ id, requester })

  /** Undefined if it has ended, or belongs to another browser. */
  const heldBy = (call: Asked): Promise<Attempt | undefined> => unlessThere(holdAttempt(engine, asked(call)))

  const isDone = async (call: Asked): Promise<boolean> =>
    (await unlessThere(lookAtAttempt(engine, asked(call))))?.state === 'done'

  /** Methods that a form or a script can ask for. */
  const offered = (attempt: Attempt): MethodDefinition[] =>
    methodsOffered(engine, attempt).filter(
      ({ form, browserScript, upstream }) =>
        upstream === undefined && (form.length > 0 || browserScript !== undefined),
    )

  /** Undefined if the account has no method that could satisfy the policy. */
  function chosen(attempt: Attempt, id: string | undefined): MethodDefinition | undefined {
    const ways = offered(attempt)
    // In a recovery, a sent code is offered before what is typed from memory.
    const likely = attempt.purpose === 'recover' ? ways.find(({ sends }) => sends) : undefined
    return (
      ways.find((method) => method.id === id) ?? likely ?? ways.find(({ form }) => form.length > 0) ?? ways[0]
    )
  }

  /** Whether the name of an attempt is that of an account which signed in here before. */
  function isOf({ hint, accountId }: Attempt, { username }: { username: string }): boolean {
    if (hint === null || accountId !== null) return false
    const typed = normaliseIdentifier(hint.kind, username, readingRules(engine, 'en'))
    return typed.ok && typed.identifier.value === hint.value
  }

  async function knownName(attempt: Attempt): Promise<string | null> {
    const account =
      attempt.accountId === null ? undefined : await engine.store.accounts.find(attempt.accountId)
    return account ? accountLabel(account) : (attempt.hint?.value ?? null)
  }

  /** Undefined if the account has nothing that could satisfy the policy. */
  async function show(
    { query, request, reply }: Asked,
    given: {
      attempt: Attempt
      method: MethodDefinition | undefined
      fault: Fault | null
      wait: string | undefined
    },
  ): Promise<FastifyReply | undefined> {
    const { attempt, method, fault, wait } = given
    const destination = destinationOf(query)
    const requester = requesterOf(engine, request)
    const about = await openid.peek(destination.interaction)
    const locale = pageLocale(request, about?.locale)
    const upstreams = await upstreamsOffered(engine, methodsOffered(engine, attempt), {
      ...{ asking: attempt, locale, request },
      pathOf: (slug) => pathOn(`/signin/with/${slug}`, destination),
    })
    if (!method && upstreams.length === 0) return undefined
    const begun =
      method?.begin && !method.browserScript
        ? await lookAtChallenge(engine, challengeKey(attempt, method), requester.now)
        : undefined
    const client = about?.clientName ?? null
    const page = provePage({
      locale,
      path: pathOn(`/signin/${attempt.id}`, destination),
      client,
      fault,
      wait,
      purpose: attempt.purpose,
      attempt: attempt.id,
      name: await knownName(attempt),
      start: pathOn(attempt.purpose === 'recover' ? '/recover' : '/signin', destination, { another: 'yes' }),
      recover: attempt.purpose === 'recover' ? null : pathOn('/recover', destination),
      rememberedDays: engine.settings.policy.limits.rememberedDays,
      method: method ?? null,
      upstreams,
      challenge: begun?.challenge ?? null,
      waitSeconds: resendWait(requester, begun),
      others: offered(attempt).filter(({ id }) => id !== method?.id),
      isFurther: attempt.accountId !== null,
      reasons: plainReasons(locale, {
        decision: attempt.decision,
        client: client ?? engine.settings.siteName,
      }),
      returnUrl: pathOn('/signin/done', destination),
      continueUrl: pathOn(`/signin/${attempt.id}`, destination),
    })
    const brand = about?.brand ?? (await homeBrand(engine, attempt))
    return showPage(engine, request, reply, { ...page, locale, brand })
  }

  return { heldBy, isDone, isOf, offered, chosen, show }
}
