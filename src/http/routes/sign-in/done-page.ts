import { Type } from 'typebox'
import type { MethodDefinition } from '../../../domain/method.ts'
import type { Session } from '../../../domain/session.ts'
import { continuePage } from '../../../pages/message-page.ts'
import { offerPage } from '../../../pages/offer-page.ts'
import { words } from '../../../words/pages.ts'
import { say } from '../../../words/say.ts'
import { keepOffered, wasOffered } from '../../caller/offered-cookie.ts'
import { keepRecentAccount } from '../../caller/recent-accounts.ts'
import { sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { type Destination, destinationOf, destinationQuery, endOf } from '../../page/destination.ts'
import { type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { wayWithoutTyping } from '../../page/ways.ts'

const query = Type.Object(destinationQuery)
type Call = PageCall<undefined, typeof query>

/**
 * After every sign-in at a page. Its account is offered first at the next sign-in on this browser. The user
 * continues by a page, not by a redirect: `form-action` would block a form whose redirects end on another
 * site.
 */
export function donePageRoute(context: HttpContext): void {
  const { engine, openid } = context
  const resistant = wayWithoutTyping(engine.methods.list)

  pageRoute(context, '/signin/done', { query }, async (call) => {
    const { request, reply, requester } = call
    const { locale } = requester
    const destination = destinationOf(call.query)
    const session = await sessionOfCookie(engine, request)
    if (session) await keepRecent(call, session)
    const url = endOf(destination)
    if (session && resistant && (await isWorthOffering(call, { session, destination, resistant }))) {
      keepOffered(engine, reply)
      return showPage(engine, request, reply, offerPage({ locale, method: resistant, url }))
    }
    const { goingOn, goOn } = words[locale].signIn
    const client = (await openid.peek(destination.interaction))?.clientName ?? words[locale].site.account
    const title = say(locale, goingOn, { client })
    return showPage(engine, request, reply, continuePage({ title, label: goOn, url }))
  })

  async function keepRecent({ request, reply }: Call, session: Session): Promise<void> {
    const account = await engine.store.accounts.find(session.accountId)
    const [identifier] = account?.identifiers ?? []
    if (!account || !identifier) return
    const { display: username } = identifier
    const method = session.evidence[0]?.method ?? null
    keepRecentAccount(engine, request, reply, { username, label: account.name ?? username, method })
  }

  /** Once, after something was typed, to a user on the way to the account whose browser runs scripts. */
  async function isWorthOffering(
    { request, requester }: Call,
    {
      session: { accountId, evidence },
      destination: { interaction, returnTo },
      resistant,
    }: { session: Session; destination: Destination; resistant: MethodDefinition },
  ): Promise<boolean> {
    const isOnTheWay = interaction !== null || returnTo !== null
    if (isOnTheWay || requester.zone === null || wasOffered(engine, request)) return false
    const isTyped = evidence.some(({ method }) => engine.methods.find(method)?.form.length)
    if (!isTyped) return false
    const held = await engine.store.credentials.listByAccount(accountId)
    return held.every(({ kind }) => kind !== resistant.id)
  }
}
