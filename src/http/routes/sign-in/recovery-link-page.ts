import { followRecoveryLink, lookAtRecoveryLink } from '../../../engine/recovery/recovery-link.ts'
import { recoveryLinkPage } from '../../../pages/recovery-link-page.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { accountLabel } from '../../page/account-label.ts'
import { pathOn } from '../../page/destination.ts'
import { mailedToken, tokenIn } from '../../page/mailed-token.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'

const path = '/recover/link'
const afterwards = '/account/recovered'

/**
 * Where a link leads that an operator made for one person: a page with a button, so that a preview of the
 * link spends nothing.
 */
export function recoveryLinkPageRoutes(context: HttpContext): void {
  const { engine } = context
  const showOver = ({ requester: { locale }, request, reply }: PageCall) =>
    showPage(engine, request, reply.code(410), recoveryLinkPage({ locale, state: 'over' }))

  pageRoute(context, path, {}, async (call) => {
    const token = tokenIn(call.request.query)
    const account = token && (await lookAtRecoveryLink(engine, token, call.requester))
    if (!token || !account) return showOver(call)
    const { requester, request, reply } = call
    return showPage(
      engine,
      request,
      reply,
      recoveryLinkPage({ locale: requester.locale, state: 'ask', path, token, name: accountLabel(account) }),
    )
  })

  formRoute(
    context,
    path,
    {
      body: mailedToken,
      onProblem: (problem, call) =>
        ['invalid_fields', 'challenge_not_open', 'account_disabled'].includes(problem.code)
          ? showOver(call)
          : Promise.reject(problem),
    },
    async (call) => {
      const { body, requester, request, reply } = call
      const browser = keepBrowser(engine, request, reply)
      const { attempt, session } = await followRecoveryLink(engine, { token: body.token, requester, browser })
      if (attempt.state === 'refused') return showOver(call)
      if (session) setSessionCookie(engine, request, reply, session)
      return session
        ? afterwards
        : pathOn(`/signin/${attempt.id}`, { interaction: null, returnTo: afterwards })
    },
  )
}
