import { Type } from 'typebox'
import type { Session } from '../../../domain/session.ts'
import { refresh } from '../../../engine/sessions/refresh.ts'
import { endSession } from '../../../engine/sessions/revoke.ts'
import { clearSessionCookie, sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { nothing, nullable, tokenPairSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const refreshToken = Type.String({ minLength: 1, maxLength: 512 })
const refreshBody = Type.Object(
  { refresh_token: refreshToken, grant_type: Type.Optional(Type.Literal('refresh_token')) },
  { additionalProperties: false },
)
const logoutBody = nullable(
  Type.Object({ refresh_token: Type.Optional(refreshToken) }, { additionalProperties: false }),
)
const consumes = ['application/x-www-form-urlencoded']

export function sessionRoutes(context: HttpContext): void {
  const { engine } = context
  const end = (session: Session) =>
    endSession(engine, { session, ending: 'signed_out', actor: session.accountId })

  route(context, 'POST /refresh', {
    operationId: 'refresh',
    tag: 'sessions',
    summary: 'The next pair of tokens',
    description:
      'Each refresh token is used once. For a few seconds the former one gets the same answer again, so that a lost reply or a second tab signs no one out; anything older ends the session.',
    consumes,
    body: refreshBody,
    reply: tokenPairSchema,
    errors: ['invalid_refresh_token'],
    handler: async ({ body: { refresh_token: token } }) => (await refresh(engine, token)).tokens,
  })

  route(context, 'POST /logout', {
    operationId: 'signOut',
    tag: 'sessions',
    summary: 'Sign out',
    description:
      'Ends the session of the refresh token, or of the session cookie. 204 also if it has ended already.',
    consumes,
    body: logoutBody,
    reply: nothing('The session has ended'),
    errors: ['cross_site_request'],
    async handler({ body, request, reply }) {
      const ofCookie = await sessionOfCookie(engine, request)
      if (ofCookie) await end(ofCookie)
      const claim =
        body?.refresh_token === undefined ? undefined : engine.refreshTokens.read(body.refresh_token)
      const ofToken = claim && (await engine.store.sessions.find(claim.sessionId))
      if (ofToken) await end(ofToken)
      if (request.headers.cookie !== undefined) clearSessionCookie(engine, reply)
    },
  })
}
