import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isOpenFor } from '../../../domain/connection.ts'
import type { Session } from '../../../domain/session.ts'
import type { Interaction } from '../../../engine/clients/openid-provider.ts'
import { isSessionEnough } from '../../../engine/policy/session-satisfies.ts'
import { consentPage } from '../../../pages/consent-page.ts'
import { continuePage, dismissPage } from '../../../pages/message-page.ts'
import { organisationChoicePage } from '../../../pages/organisations/choice-page.ts'
import { words } from '../../../words/pages.ts'
import { say } from '../../../words/say.ts'
import { pageLocale } from '../../caller/locale.ts'
import { requesterOf } from '../../caller/requester.ts'
import { sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { accountLabel } from '../../page/account-label.ts'
import { interactionPath, pathOn } from '../../page/destination.ts'
import { formRoute, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { stepUpPath } from '../../page/step-up-path.ts'
import { idOf } from '../../schema/schemas.ts'

const decision = Type.Object({ decision: Type.Enum(['allow', 'deny']) }, { additionalProperties: false })
const choice = Type.Object({ organisation: idOf('org') }, { additionalProperties: false })
const query = Type.Object({ unmet: Type.Optional(Type.String()), chosen: Type.Optional(Type.String()) })

const exchangeOf = (request: FastifyRequest, reply: FastifyReply) => ({
  request: request.raw,
  response: reply.raw,
})

/** The sign-in and consent pages of an authorization request. */
export function interactionPageRoutes(context: HttpContext): void {
  const { engine, openid } = context
  const { goOn } = createSignInStep(context)

  pageRoute(context, interactionPath(':uid'), { query }, async ({ query, request, reply }) => {
    const interaction = await openid.interaction(exchangeOf(request, reply))
    if (!interaction) return showOver(request, reply)
    const locale = pageLocale(request, interaction.locale)
    if (interaction.prompt === 'consent')
      return showPage(engine, request, reply, {
        ...consentPage({
          ...interaction,
          locale,
          path: request.url,
          client: interaction.clientName,
          name: await ownName(request),
        }),
        locale,
        brand: interaction.brand,
      })
    if (interaction.prompt === 'organization')
      return showPage(engine, request, reply, {
        ...organisationChoicePage({
          ...{ locale, path: `${interactionPath(interaction.uid)}/organisation` },
          ...{ client: interaction.clientName, organisations: interaction.organisations },
        }),
        locale,
        brand: interaction.brand,
      })
    // From the page that explained it: return the error to the application.
    if (query.unmet === 'yes' && interaction.acr !== null)
      return openid.refuse(exchangeOf(request, reply), 'unmet_authentication_requirements')
    return goOn(request, reply, interaction, query.chosen === 'yes')
  })

  formRoute(
    context,
    interactionPath(':uid'),
    { body: decision },
    async ({ body: { decision }, requester: { locale }, request, reply }) => {
      const exchange = exchangeOf(request, reply)
      const interaction = await openid.interaction(exchange)
      if (interaction?.prompt !== 'consent') return showOver(request, reply)
      const url = await (decision === 'allow'
        ? openid.finishConsent(exchange, interaction)
        : openid.refuse(exchange, 'access_denied'))
      const { goingOn, goOn } = words[locale].signIn
      const title = say(locale, goingOn, { client: interaction.clientName })
      return showPage(engine, request, reply, continuePage({ title, label: goOn, url }))
    },
  )

  formRoute(
    context,
    `${interactionPath(':uid')}/organisation`,
    { body: choice },
    async ({ body: { organisation }, request, reply }) => {
      const exchange = exchangeOf(request, reply)
      const interaction = await openid.interaction(exchange)
      if (interaction?.prompt !== 'organization') return showOver(request, reply)
      return openid.finishOrganisation(exchange, organisation)
    },
  )

  async function ownName(request: FastifyRequest): Promise<string | null> {
    const session = await sessionOfCookie(engine, request)
    const account = session && (await engine.store.accounts.find(session.accountId))
    return account ? accountLabel(account) : null
  }

  function showOver(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { errors, site } = words[requesterOf(engine, request).locale]
    const page = dismissPage({
      ...{ title: errors.expiredTitle, text: errors.expiredText, label: site.account, url: '/account' },
    })
    return showPage(engine, request, reply.code(400), page)
  }
}

/** The sign-in step of an application's request. */
function createSignInStep({ engine, openid }: HttpContext) {
  return { goOn }

  /** The next page of the interaction. `isChosen`: the user has just chosen an account. */
  async function goOn(
    request: FastifyRequest,
    reply: FastifyReply,
    interaction: Interaction,
    isChosen: boolean,
  ): Promise<string> {
    const exchange = exchangeOf(request, reply)
    const session = await sessionOfCookie(engine, request)
    const { prompt, uid } = interaction
    const destination = { interaction: uid, returnTo: null }
    if (prompt === 'select_account' || prompt === 'create')
      return isChosen && session
        ? openid.finishSignIn(exchange, session, interaction)
        : pathOn(prompt === 'create' ? '/signup' : '/signin', destination)
    if (session && interaction.isAnother(session.accountId)) {
      // The request names another account than the one signed in: no answer is given about it (OIDC Core
      // §3.1.2.1).
      return isChosen
        ? openid.refuse(exchange, 'login_required')
        : pathOn('/signin', destination, { another: 'yes' })
    }
    if (session && (await isEnough(request, session, interaction)))
      return openid.finishSignIn(exchange, session, interaction)
    return signInAddress(request, reply, { interaction, session })
  }

  async function isEnough(
    request: FastifyRequest,
    session: Session,
    { clientId, acr, organisationId, provedSince, refusedSession }: Interaction,
  ): Promise<boolean> {
    if (provedSince !== null && session.authenticatedAt < provedSince) return false
    if (provedSince === null && refusedSession === session.id) return false
    return isSessionEnough(engine, session, {
      ...{ clientId, acr, organisationId },
      now: requesterOf(engine, request).now,
    })
  }

  /** A signed-in user steps up; anyone else signs in. */
  async function signInAddress(
    request: FastifyRequest,
    reply: FastifyReply,
    { interaction, session }: { interaction: Interaction; session: Session | undefined },
  ): Promise<string> {
    const { uid, acr, clientId, organisationId, provedSince, connection } = interaction
    const destination = { interaction: uid, returnTo: null }
    if (!session) {
      const named = connection === null ? undefined : await engine.store.connections.findBySlug(connection)
      const isOpen = named !== undefined && isOpenFor(named, 'sign-in')
      return pathOn(isOpen ? `/signin/with/${named.slug}` : '/signin', destination)
    }
    const asked = { acr, clientId, organisationId }
    return stepUpPath(engine, { request, reply }, { session, asked, anew: provedSince !== null, destination })
  }
}
