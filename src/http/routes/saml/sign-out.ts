import type { FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { findSamlApplication } from '../../../engine/clients/saml-applications.ts'
import { departFrom, departurePath, nextDeparture } from '../../../engine/clients/saml-departure.ts'
import { receiveSamlLogout } from '../../../engine/clients/saml-sign-in.ts'
import { endSession } from '../../../engine/sessions/revoke.ts'
import { requesterOf } from '../../caller/requester.ts'
import { clearSessionCookie, sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { slugParams } from '../../page/upstreams.ts'
import { messageOf, queryOf } from './messages.ts'

const tokenPattern = '^[A-Za-z0-9_-]{43}$'
const isToken = new RegExp(tokenPattern)
const leaving = Type.Object({ token: Type.String({ pattern: tokenPattern }) })

/**
 * Single logout (SAML Profiles §4.4). An application begins it: the session of this browser ends, and the
 * other applications of the session are asked too. It begins here: the applications are asked one by one.
 */
export function samlSignOutRoutes({ app, engine }: HttpContext): void {
  const schema = { hide: true, params: slugParams }

  app.get('/saml/:slug/sign-out', { schema }, async (request, reply) => {
    const { slug } = request.params as Static<typeof slugParams>
    const application = await findSamlApplication(engine, { slug })
    const query = queryOf(request)
    const { SAMLResponse, RelayState = '' } = Object.fromEntries(new URLSearchParams(query))
    // What an application answers changes nothing: the session has ended, and the next one is asked.
    if (SAMLResponse !== undefined)
      return goOn(reply, isToken.test(RelayState) ? departurePath(RelayState) : '/signin')
    const message = messageOf({ query })
    const session = await sessionOfCookie(engine, request)
    const account = session && (await engine.store.accounts.find(session.accountId))
    const { isNamed, location } = await receiveSamlLogout(engine, { application, message, account })
    const next = location ?? '/signin'
    if (!session || !isNamed) return goOn(reply, next)
    await endSession(engine, { session, ending: 'signed_out', actor: session.accountId })
    clearSessionCookie(engine, reply)
    return goOn(reply, await departFrom(engine, { session, next, except: application.id }))
  })

  app.get('/saml/leave/:token', { schema: { hide: true, params: leaving } }, async (request, reply) => {
    const { token } = request.params as Static<typeof leaving>
    const { browser } = requesterOf(engine, request)
    return goOn(reply, (await nextDeparture(engine, { token, browser })) ?? '/signin')
  })
}

const goOn = (reply: FastifyReply, url: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(url, 303)
