import { Type } from 'typebox'
import { onlyWayHome } from '../../../engine/sign-in/home-realm.ts'
import { openAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { sendOnPage } from '../../../pages/message-page.ts'
import { choosePage, namePage } from '../../../pages/name-page.ts'
import { words } from '../../../words/pages.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { pageLocale } from '../../caller/locale.ts'
import { forgetRecentAccount, recentAccounts } from '../../caller/recent-accounts.ts'
import { sessionsOfBrowser, switchSession } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { namesOf } from '../../page/account-label.ts'
import { requestFor } from '../../page/attempts.ts'
import { destinationOf, destinationQuery, pathOn } from '../../page/destination.ts'
import { faultParameters, faultQuery } from '../../page/page-fault.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { upstreamsOffered } from '../../page/upstreams.ts'
import { idOf } from '../../schema/schemas.ts'

const query = Type.Object({ ...destinationQuery, ...faultQuery, another: Type.Optional(Type.Literal('yes')) })
const name = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 254 }) },
  { additionalProperties: false },
)
const choice = Type.Object({ session: idOf('ses') }, { additionalProperties: false })
type Call = PageCall<undefined, typeof query>

/**
 * The identifier pages of sign-in and recovery, over the same engine functions as the API; they work without
 * script.
 */
export function signInPageRoutes(context: HttpContext): void {
  const { engine, openid } = context
  const { showAccounts, showName } = createNameView(context)
  for (const purpose of ['sign-in', 'recover'] as const) {
    const path = purpose === 'sign-in' ? '/signin' : '/recover'
    pageRoute(context, path, { query }, async (call) => {
      keepBrowser(engine, call.request, call.reply)
      const mayChoose = call.query.another === undefined && purpose === 'sign-in'
      return (mayChoose && (await showAccounts(call))) || showName(call, purpose)
    })

    formRoute(
      context,
      path,
      {
        query,
        body: name,
        onProblem: (problem, call) =>
          pathOn(path, destinationOf(call.query), { ...faultParameters(problem), another: 'yes' }),
      },
      async ({ query, body: { username }, requester, request, reply }) => {
        const destination = destinationOf(query)
        const about = await openid.peek(destination.interaction)
        const { attempt } = await openAttempt(engine, {
          purpose,
          loginHint: username,
          request: requestFor(about),
          requester,
          browser: keepBrowser(engine, request, reply),
        })
        const home = purpose === 'sign-in' ? await onlyWayHome(engine, attempt) : undefined
        if (!home) return pathOn(`/signin/${attempt.id}`, destination)
        const { signIn } = words[requester.locale]
        const url = pathOn(`/signin/with/${home.slug}`, destination)
        const sent = { title: signIn.title, label: signIn.continue, url, values: { attempt: attempt.id } }
        return showPage(engine, request, reply, sendOnPage(sent))
      },
    )
  }

  pageRoute(context, '/', {}, () => '/account')

  const over = ({ query }: Call): string =>
    pathOn('/signin', destinationOf(query), { another: 'yes', fault: 'over' })
  formRoute(
    context,
    '/signin/choose',
    {
      query,
      body: choice,
      onProblem: (problem, call) =>
        problem.code === 'invalid_fields' ? over(call) : Promise.reject(problem),
    },
    async (call) => {
      const session = await switchSession(engine, call.request, call.reply, call.body.session)
      return session ? pathOn('/signin/done', destinationOf(call.query)) : over(call)
    },
  )

  formRoute(context, '/signin/forget', { query, body: name }, ({ query, body, request, reply }) => {
    forgetRecentAccount(engine, request, reply, body.username)
    return pathOn('/signin', destinationOf(query), { another: 'yes' })
  })
}

function createNameView({ engine, openid }: HttpContext) {
  return { showAccounts, showName }

  /** Undefined if no account is signed in on this browser. */
  async function showAccounts({ query, request, reply }: Call) {
    const destination = destinationOf(query)
    const sessions = await sessionsOfBrowser(engine, request)
    const found = await Promise.all(
      sessions.map(async ({ id, accountId }) => ({
        id,
        account: await engine.store.accounts.find(accountId),
      })),
    )
    const accounts = found.flatMap(({ id, account }) =>
      account?.state === 'active' ? [{ session: id, ...namesOf(account) }] : [],
    )
    if (accounts.length === 0) return undefined
    const about = await openid.peek(destination.interaction)
    const locale = pageLocale(request, about?.locale)
    const [path, another] = [
      pathOn('/signin/choose', destination),
      pathOn('/signin', destination, { another: 'yes' }),
    ]
    const page = choosePage({ locale, client: about?.clientName ?? null, accounts, path, another })
    return showPage(engine, request, reply, { ...page, locale, brand: about?.brand })
  }

  async function showName({ query, request, reply }: Call, purpose: 'sign-in' | 'recover') {
    const destination = destinationOf(query)
    const about = await openid.peek(destination.interaction)
    const locale = pageLocale(request, about?.locale)
    const page = namePage({
      locale,
      purpose,
      path: pathOn(purpose === 'sign-in' ? '/signin' : '/recover', destination),
      client: about?.clientName ?? null,
      acr: about?.acr ?? null,
      welcome: { ...engine.settings.brand.welcome, ...about?.brand?.welcome }[locale] ?? null,
      name: about?.loginHint ?? '',
      fault: query.fault ?? null,
      wait: query.wait,
      recents: recentAccounts(engine, request),
      forgetPath: pathOn('/signin/forget', destination),
      nameless: engine.methods.list.filter(
        ({ id, discoverable, browserScript }) =>
          discoverable &&
          browserScript !== undefined &&
          !engine.settings.policy.counts.notMethods.includes(id),
      ),
      upstreams:
        purpose === 'sign-in'
          ? await upstreamsOffered(engine, engine.methods.list, {
              ...{ asking: { accountId: null, hint: null }, locale, request },
              pathOf: (slug) => pathOn(`/signin/with/${slug}`, destination),
            })
          : [],
      returnUrl: pathOn('/signin/done', destination),
      continueUrl: pathOn('/signin/{attempt}', destination),
      links: {
        signUp: engine.settings.signUp === 'open' ? pathOn('/signup', destination) : null,
        recover: pathOn('/recover', destination),
        signIn: pathOn('/signin', destination, { another: 'yes' }),
      },
    })
    return showPage(engine, request, reply, { ...page, locale, brand: about?.brand })
  }
}
