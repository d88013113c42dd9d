import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Assurance, higher } from '../../../domain/assurance.ts'
import type { SamlApplication, SamlPost } from '../../../domain/saml-application.ts'
import type { Session } from '../../../domain/session.ts'
import { findSamlApplication } from '../../../engine/clients/saml-applications.ts'
import {
  answerSamlRequest,
  beginSamlSignIn,
  describeToApplication,
  membershipFor,
  openSamlRequest,
  type PendingRequest,
  receiveSamlRequest,
  refuseSamlRequest,
} from '../../../engine/clients/saml-sign-in.ts'
import { isSessionEnough } from '../../../engine/policy/session-satisfies.ts'
import type { Requester } from '../../../engine/request-context.ts'
import { dismissPage, sendOnPage } from '../../../pages/message-page.ts'
import { words } from '../../../words/pages.ts'
import { say } from '../../../words/say.ts'
import { sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { pathOn, samlTokenPattern } from '../../page/destination.ts'
import { answerBytesMax, type PageAnswer, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { stepUpPath } from '../../page/step-up-path.ts'
import { slugParams } from '../../page/upstreams.ts'
import { formMessage, messageOf, queryOf } from './messages.ts'

const continuing = Type.Object({
  ...slugParams.properties,
  token: Type.String({ pattern: `^${samlTokenPattern}$` }),
})

/** Signing users in to applications by SAML (SAML Profiles §4.1): same sessions, same policy. */
export function samlSignInRoutes(context: HttpContext): void {
  const { app, engine } = context
  const schema = { hide: true, params: slugParams }
  const answer = createAnswer(context)

  app.get('/saml/:slug/metadata', { schema }, async (request, reply) =>
    reply
      .type('application/samlmetadata+xml')
      .send(await describeToApplication(engine, await applicationOf(request))),
  )

  app.get('/saml/:slug/sign-in', { schema }, async (request, reply) =>
    receive(request, reply, { query: queryOf(request) }),
  )

  const config = { takesForms: true }
  app.post('/saml/:slug/sign-in', { schema, config, bodyLimit: answerBytesMax }, async (request, reply) =>
    receive(request, reply, formMessage(request.body)),
  )

  app.get('/saml/:slug/start', { schema }, async (request, reply) => {
    const application = await applicationOf(request)
    return reply.redirect(continuePath(application, beginSamlSignIn(engine, application)), 303)
  })

  pageRoute(context, '/saml/:slug/continue/:token', { params: continuing }, async (call) => {
    const { params, requester, request, reply } = call
    const application = await findSamlApplication(engine, { slug: params.slug })
    const pending = openSamlRequest(engine, { application, token: params.token })
    return answer({ application, pending, requester, request, reply })
  })

  const applicationOf = ({ params }: FastifyRequest): Promise<SamlApplication> =>
    findSamlApplication(engine, { slug: (params as Static<typeof slugParams>).slug })

  async function receive(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Parameters<typeof messageOf>[0],
  ): Promise<FastifyReply> {
    const application = await applicationOf(request)
    const message = messageOf(given)
    const token = await receiveSamlRequest(engine, { application, message })
    // A redirect, so that the browser sends its cookies, whichever way the request came.
    return reply.header('cache-control', 'no-store').redirect(continuePath(application, token), 303)
  }
}

const continuePath = ({ slug }: SamlApplication, token: string): string => `/saml/${slug}/continue/${token}`

interface Call {
  application: SamlApplication
  pending: PendingRequest | undefined
  requester: Requester
  request: FastifyRequest
  reply: FastifyReply
}

/** The next page of a request: signing in, proving more, or the form with the response. */
function createAnswer({ engine }: HttpContext) {
  return answer

  async function answer(call: Call): Promise<PageAnswer> {
    const { application, pending, request } = call
    if (!pending) return showOver(call, { title: 'expiredTitle', text: 'expiredText' })
    const session = await sessionOfCookie(engine, request)
    const acr = requiredOf(application, pending)
    const account = session && (await engine.store.accounts.find(session.accountId))
    if (session && account?.state === 'active' && (await isEnough(call, session, acr))) {
      const membership = await membershipFor(engine, application, account.id)
      if (membership === undefined) return showOver(call, { title: 'notMemberTitle', text: 'notMemberText' })
      const given = { application, request: pending, account, session, membership }
      const post = await answerSamlRequest(engine, given)
      return post ? showPost(call, post) : showOver(call, { title: 'addressTitle', text: 'addressText' })
    }
    if (pending.isPassive)
      return showPost(
        call,
        await refuseSamlRequest(engine, { application, request: pending, refusal: 'NoPassive' }),
      )
    return signInPath(call, { session, acr, pending })
  }

  async function isEnough(
    { application, pending, requester: { now } }: Call,
    session: Session,
    acr: Assurance | null,
  ): Promise<boolean> {
    if (pending?.isForced && session.authenticatedAt < pending.at) return false
    const { id: clientId, organisationId } = application
    return isSessionEnough(engine, session, { clientId, acr, organisationId, now })
  }

  /** A signed-in user steps up; anyone else signs in. */
  async function signInPath(
    { application, request, reply }: Call,
    given: { session: Session | undefined; acr: Assurance | null; pending: PendingRequest },
  ): Promise<string> {
    const { session, acr, pending } = given
    const destination = { interaction: null, returnTo: request.url.split('?')[0] as string }
    if (!session) return pathOn('/signin', destination)
    const asked = { acr, clientId: application.id, organisationId: application.organisationId }
    return stepUpPath(engine, { request, reply }, { session, asked, anew: pending.isForced, destination })
  }

  /** Posts the response from the browser. A script does it; without, a button. */
  function showPost({ application, requester, request, reply }: Call, post: SamlPost): FastifyReply {
    const { goingOn, goOn } = words[requester.locale].signIn
    const title = say(requester.locale, goingOn, { client: application.name })
    const page = sendOnPage({ title, label: goOn, url: post.url, values: post.fields })
    return showPage(engine, request, reply, { ...page, postsTo: new URL(post.url).origin })
  }

  function showOver(
    { application, requester, request, reply }: Call,
    which: {
      title: 'expiredTitle' | 'addressTitle' | 'notMemberTitle'
      text: 'expiredText' | 'addressText' | 'notMemberText'
    },
  ): FastifyReply {
    const { errors, site } = words[requester.locale]
    const text = say(requester.locale, errors[which.text], { client: application.name })
    const page = { title: errors[which.title], text, label: site.account, url: '/account' }
    return showPage(engine, request, reply.code(400), dismissPage(page))
  }
}

const requiredOf = ({ acr }: SamlApplication, pending: PendingRequest): Assurance | null =>
  acr === null || pending.acr === null ? (acr ?? pending.acr) : higher(acr, pending.acr)
