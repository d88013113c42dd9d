import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { idPattern, type SessionId } from '../../../domain/id.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { firstPartyClientId } from '../../../domain/session.ts'
import { openAttempt, plainRequest } from '../../../engine/sign-in/open-attempt.ts'
import { onwardPage } from '../../../pages/message-page.ts'
import { choosePage, namePage } from '../../../pages/name-page.ts'
import { words } from '../../../words/pages/index.ts'
import { say } from '../../../words/say.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { pageLocale } from '../../caller/locale.ts'
import { requesterOf } from '../../caller/requester.ts'
import { sessionsOfBrowser, switchSession } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { nameOf } from '../../page/account-label.ts'
import { faultOf, faultQuery } from '../../page/page-fault.ts'
import { endOf, onwardOf, onwardQuery, pathOn } from '../../page/return-to.ts'
import { showPage } from '../../page/show-page.ts'

const query = Type.Object({ ...onwardQuery, ...faultQuery, another: Type.Optional(Type.Literal('yes')) })
const form = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 254 }), remember: Type.Optional(Type.Literal('yes')) },
  { additionalProperties: false },
)
const isForm = schemaCheck(form)
const isChoice = schemaCheck(Type.Object({ session: Type.String({ pattern: idPattern('ses') }) }, { additionalProperties: false }))
const hide = { schema: { hide: true, querystring: query } }

/** First who it is: to sign in, or to get back in. Pages over the same calls as the API; they work without script. */
export function signInPageRoutes(context: HttpContext): void {
  const { app, engine, openid } = context
  const { showAccounts, showName } = createNameView(context)
  for (const purpose of ['sign-in', 'recover'] as const) {
    const path = purpose === 'sign-in' ? '/signin' : '/recover'
    app.get(path, hide, async (request, reply) => {
      keepBrowser(engine, request, reply)
      const { another } = request.query as { another?: string }
      return (another === undefined && purpose === 'sign-in' && (await showAccounts(request, reply))) || showName(request, reply, purpose)
    })

    app.post(path, hide, async (request, reply) => {
      const onward = onwardOf(request)
      const about = await openid.peek(onward.interaction)
      const { username, remember } = (isForm(request.body) ? request.body : { username: '' }) as { username: string; remember?: string }
      try {
        const { attempt } = await openAttempt(engine, {
          purpose,
          loginHint: username,
          request: {
            ...plainRequest,
            acr: about?.acr ?? null,
            rememberDevice: remember !== undefined,
            clientId: about?.clientId ?? firstPartyClientId,
          },
          requester: requesterOf(engine, request),
          browser: keepBrowser(engine, request, reply),
        })
        return reply.redirect(pathOn(`/signin/${attempt.id}`, onward), 303)
      } catch (error) {
        return reply.redirect(pathOn(path, onward, { fault: faultOf(error), another: 'yes' }), 303)
      }
    })
  }

  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/account', 303))

  app.post('/signin/choose', hide, async (request, reply) => {
    const onward = onwardOf(request)
    const { session: id } = (isChoice(request.body) ? request.body : {}) as { session?: SessionId }
    const session = id && (await switchSession(engine, request, reply, id))
    return reply.redirect(session ? pathOn('/signin/done', onward) : pathOn('/signin', onward, { another: 'yes', fault: 'over' }), 303)
  })

  // Not a redirect: a browser would not let a form's reply lead to another site in the end.
  app.get('/signin/done', hide, async (request, reply) => {
    const onward = onwardOf(request)
    const { locale } = requesterOf(engine, request)
    const { goingOn, goOn } = words[locale].signIn
    const client = (await openid.peek(onward.interaction))?.clientName ?? words[locale].site.account
    return showPage(engine, request, reply, onwardPage({ title: say(locale, goingOn, { client }), label: goOn, url: endOf(onward) }))
  })
}

function createNameView({ engine, openid }: HttpContext) {
  return { showAccounts, showName }

  /** Undefined where nobody is signed in on this browser. */
  async function showAccounts(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const onward = onwardOf(request)
    const sessions = await sessionsOfBrowser(engine, request)
    const found = await Promise.all(
      sessions.map(async ({ id, accountId }) => ({ id, account: await engine.store.accounts.find(accountId) })),
    )
    const accounts = found.flatMap(({ id, account }) => (account?.state === 'active' ? [{ session: id, name: nameOf(account) }] : []))
    if (accounts.length === 0) return undefined
    const about = await openid.peek(onward.interaction)
    const locale = pageLocale(request, about?.locale)
    const [path, another] = [pathOn('/signin/choose', onward), pathOn('/signin', onward, { another: 'yes' })]
    const page = choosePage({ locale, client: about?.clientName ?? null, accounts, path, another })
    return showPage(engine, request, reply, { ...page, locale, brand: about?.brand })
  }

  async function showName(request: FastifyRequest, reply: FastifyReply, purpose: 'sign-in' | 'recover'): Promise<FastifyReply> {
    const { fault = null } = request.query as { fault?: Parameters<typeof namePage>[0]['fault'] }
    const onward = onwardOf(request)
    const about = await openid.peek(onward.interaction)
    const locale = pageLocale(request, about?.locale)
    const page = namePage({
      locale,
      purpose,
      path: pathOn(purpose === 'sign-in' ? '/signin' : '/recover', onward),
      client: about?.clientName ?? null,
      acr: about?.acr ?? null,
      welcome: { ...engine.settings.brand.welcome, ...about?.brand?.welcome }[locale] ?? null,
      name: about?.loginHint ?? '',
      fault,
      mayRemember: engine.settings.policy.limits.rememberedDays > 0,
      nameless: engine.methods.list.filter(
        ({ id, discoverable, script }) => discoverable && script !== undefined && !engine.settings.policy.counts.notMethods.includes(id),
      ),
      onward: endOf(onward),
      further: pathOn('/signin/{attempt}', onward),
      links: {
        signUp: engine.settings.signUp === 'open' ? pathOn('/signup', onward) : null,
        recover: pathOn('/recover', onward),
        signIn: pathOn('/signin', onward, { another: 'yes' }),
      },
    })
    return showPage(engine, request, reply, { ...page, locale, brand: about?.brand })
  }
}
