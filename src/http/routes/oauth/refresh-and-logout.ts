import { type Static, Type } from 'typebox'
import type { Session } from '../../../domain/session.ts'
import { refresh } from '../../../engine/sessions/refresh.ts'
import { endSession } from '../../../engine/sessions/revoke.ts'
import { clearSessionCookie, sessionOfCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { bodyProblems, problemResponses, tokenPairSchema } from '../../schema/schemas.ts'

const refreshToken = Type.String({ minLength: 1, maxLength: 512 })
const refreshBody = Type.Object(
  { refresh_token: refreshToken, grant_type: Type.Optional(Type.Literal('refresh_token')) },
  { additionalProperties: false },
)
const logoutBody = Type.Union([Type.Object({ refresh_token: Type.Optional(refreshToken) }, { additionalProperties: false }), Type.Null()])

export function sessionRoutes({ app, engine }: HttpContext): void {
  app.post('/refresh', {
    schema: {
      summary: 'The next pair of tokens',
      description:
        'Each refresh token is good once. The one just before the current one gets the same answer again for a few seconds, so that a lost reply or a second tab signs nobody out; anything older ends the session.',
      tags: ['sessions'],
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      body: refreshBody,
      response: { 200: tokenPairSchema, ...problemResponses(...bodyProblems, 'invalid_refresh_token') },
    },
    async handler(request) {
      const { refresh_token: token } = request.body as Static<typeof refreshBody>
      return (await refresh(engine, token)).tokens
    },
  })

  app.post('/logout', {
    schema: {
      summary: 'Sign out',
      description: 'Ends the session of the refresh token, or of the session cookie. 204 also where it has ended already.',
      tags: ['sessions'],
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      body: logoutBody,
      response: { 204: Type.Null({ description: 'The session is over' }), ...problemResponses(...bodyProblems, 'cross_site_request') },
    },
    async handler(request, reply) {
      const { refresh_token: token } = (request.body ?? {}) as { refresh_token?: string }
      const ofCookie = await sessionOfCookie(engine, request)
      if (ofCookie) await end(ofCookie)
      const claim = token === undefined ? undefined : engine.refreshTokens.read(token)
      const ofToken = claim && (await engine.store.sessions.find(claim.sessionId))
      if (ofToken) await end(ofToken)
      if (request.headers.cookie !== undefined) clearSessionCookie(engine, reply)
      return reply.code(204).send()
    },
  })

  const end = (session: Session) => endSession(engine, { session, ending: 'signed_out', actor: session.accountId })
}
