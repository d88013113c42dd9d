import { Type } from 'typebox'
import { checkBearerCredential, isBearerCredential } from '../../../engine/credentials/bearer-credential.ts'
import { bearerTokenOf } from '../../caller/bearer.ts'
import { sourceOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { bearerSecurity, problemResponses, tokenProblems } from '../../schema/schemas.ts'

const success = { message: 'Success' }

export function protectedRoutes({ app, engine }: HttpContext): void {
  const { authenticator } = engine
  app.get('/protected', {
    schema: {
      summary: 'Shows that a token is good',
      tags: ['example'],
      security: bearerSecurity,
      response: { 200: Type.Object({ message: Type.Literal('Success') }), ...problemResponses(...tokenProblems) },
    },
    handler(request, reply) {
      const token = bearerTokenOf(request)
      if (isBearerCredential(engine, token)) return checkBearerCredential(engine, token, sourceOf(request)).then(() => reply.send(success))
      const answer = () => {
        authenticator.check(token)
        return reply.send(success)
      }
      const pending = authenticator.ready()
      return pending ? pending.then(answer) : answer()
    },
  })
}
