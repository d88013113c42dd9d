import { lookAtUndo, type Undoable, undoIdentifierChange } from '../../../engine/recovery/undo-identifier.ts'
import { undoPage } from '../../../pages/undo-page.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { pathOn } from '../../page/destination.ts'
import { mailedToken, tokenIn } from '../../page/mailed-token.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { activityOf } from './pages/activity.ts'
import { rescuePath } from './pages/rescue.ts'

/**
 * The former address undoes a change here: a page that shows what happened since, with a button, so that a
 * mail scanner's visit undoes nothing. Afterwards the owner reviews what was set up meanwhile.
 */
export function undoPageRoutes(context: HttpContext): void {
  const { engine } = context
  const showOver = ({ requester: reader, request, reply }: PageCall) =>
    showPage(engine, request, reply.code(410), undoPage({ reader, state: 'over' }))

  async function happenedSince(
    { accountId, since }: Undoable,
    locale: Parameters<typeof activityOf>[1]['locale'],
  ) {
    const { lines } = await activityOf(engine, { account: { id: accountId }, locale, before: null })
    return lines.filter(({ at }) => at >= since)
  }

  pageRoute(context, '/undo', {}, async (call) => {
    const { locale } = call.requester
    const token = tokenIn(call.request.query)
    const found = token === undefined ? undefined : await lookAtUndo(engine, token, call.requester)
    if (token === undefined || !found) return showOver(call)
    const since = await happenedSince(found, locale)
    const page = undoPage({
      reader: call.requester,
      state: 'ask',
      token,
      address: found.identifier.display,
      since,
    })
    return showPage(engine, call.request, call.reply, page)
  })

  formRoute(
    context,
    '/undo',
    {
      body: mailedToken,
      onProblem: (problem, call) =>
        ['invalid_fields', 'challenge_not_open', 'identifier_taken'].includes(problem.code)
          ? showOver(call)
          : Promise.reject(problem),
    },
    async ({ body: { token }, requester, request, reply }) => {
      const browser = keepBrowser(engine, request, reply)
      const { attempt, session } = await undoIdentifierChange(engine, { token, requester, browser })
      if (session) setSessionCookie(engine, request, reply, session)
      const more =
        attempt.state === 'open'
          ? pathOn(`/signin/${attempt.id}`, { interaction: null, returnTo: rescuePath })
          : '/recover'
      return showPage(
        engine,
        request,
        reply,
        undoPage({ reader: requester, state: 'done', returnUrl: session ? rescuePath : more }),
      )
    },
  )
}
