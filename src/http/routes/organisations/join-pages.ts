import { Type } from 'typebox'
import { acceptInvitation, isInvited, readInvitation } from '../../../engine/organisations/invitations.ts'
import { joinPage } from '../../../pages/organisations/join-page.ts'
import { forgetInvitation, keepInvitation, keptInvitation } from '../../caller/invitation-cookie.ts'
import { sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { accountLabel } from '../../page/account-label.ts'
import { joinPath, pathOn } from '../../page/destination.ts'
import { mailedToken, tokenIn } from '../../page/mailed-token.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { saying } from '../../page/said.ts'
import { showPage } from '../../page/show-page.ts'
import { createSignedInPages } from '../../page/signed-in-pages.ts'

const path = '/join'
const back = { interaction: null, returnTo: joinPath }

/** Where the link of an invitation leads, and the page on which the user joins. */
export function joinPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const showOver = ({ requester: { locale }, request, reply }: PageCall) =>
    showPage(engine, request, reply.code(410), joinPage({ locale, state: 'over' }))

  pageRoute(context, path, {}, async (call) => {
    const token = tokenIn(call.request.query)
    const found = token && (await readInvitation(engine, token))
    if (!token || !found) return showOver(call)
    const { requester, request, reply } = call
    const session = await sessionOfCookie(engine, request)
    if (session) {
      keepInvitation(engine, reply, token)
      return joinPath
    }
    const { organisation, invitation } = found
    const about = { organisation: organisation.name, address: invitation.email }
    const shown = { locale: requester.locale, state: 'anonymous', ...about, path, token } as const
    return showPage(engine, request, reply, joinPage(shown))
  })

  const body = Type.Object(
    { ...mailedToken.properties, next: Type.Enum(['signin', 'signup']) },
    { additionalProperties: false },
  )
  formRoute(context, path, { body, onProblem: (_problem, call) => showOver(call) }, async (call) => {
    const { token, next } = call.body
    if (!(await readInvitation(engine, token))) return showOver(call)
    keepInvitation(engine, call.reply, token)
    return next === 'signin'
      ? pathOn('/signin', back)
      : pathOn('/signup', { interaction: null, returnTo: null }, { invitation: token })
  })

  page(joinPath, {}, async ({ account, requester: { locale } }, call) => {
    const { request, reply } = call
    const token = keptInvitation(engine, request)
    const found = token && (await readInvitation(engine, token))
    if (!found) {
      forgetInvitation(engine, reply)
      return showPage(engine, request, reply.code(410), joinPage({ locale, state: 'over' }))
    }
    const { organisation, invitation } = found
    const about = { locale, organisation: organisation.name, address: invitation.email }
    const named = { ...about, account: accountLabel(account) }
    return showPage(
      engine,
      request,
      reply,
      isInvited(account, invitation)
        ? joinPage({ ...named, state: 'ask', path: joinPath })
        : joinPage({ ...named, state: 'other', another: pathOn('/signin', back, { another: 'yes' }) }),
    )
  })

  form(joinPath, { back: '/account/organisations' }, async ({ account, acting }, { request, reply }) => {
    const token = keptInvitation(engine, request) ?? ''
    await acceptInvitation(acting, { token, account })
    forgetInvitation(engine, reply)
    return saying('/account/organisations', 'joined')
  })
}
