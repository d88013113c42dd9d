import type { Static } from 'typebox'
import { findSamlApplication } from '../../../engine/clients/saml-applications.ts'
import { receiveSamlLogout } from '../../../engine/clients/saml-sign-in.ts'
import { endSession } from '../../../engine/sessions/revoke.ts'
import { clearSessionCookie, sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { slugParams } from '../../page/upstreams.ts'
import { messageOf, queryOf } from './messages.ts'

/** Single logout that an application begins (SAML Profiles §4.4): ends the session of this browser. */
export function samlSignOutRoutes({ app, engine }: HttpContext): void {
  app.get('/saml/:slug/sign-out', { schema: { hide: true, params: slugParams } }, async (request, reply) => {
    const { slug } = request.params as Static<typeof slugParams>
    const application = await findSamlApplication(engine, { slug })
    const message = messageOf({ query: queryOf(request) })
    const session = await sessionOfCookie(engine, request)
    const account = session && (await engine.store.accounts.find(session.accountId))
    const { isNamed, location } = await receiveSamlLogout(engine, { application, message, account })
    if (session && isNamed) {
      await endSession(engine, { session, ending: 'signed_out', actor: session.accountId })
      clearSessionCookie(engine, reply)
    }
    return reply.header('cache-control', 'no-store').redirect(location ?? '/signin', 303)
  })
}
