import { Type } from 'typebox'
import { jwksMaxAgeSeconds } from '../../../engine/keys/rotate-keys.ts'
import type { HttpContext } from '../../context.ts'
import { problemResponses } from '../../schema/schemas.ts'

export function keyRoutes({ app, engine }: HttpContext): void {
  app.get('/.well-known/jwks.json', {
    schema: {
      summary: 'The keys that tokens are signed with',
      description: 'RFC 7517. Holds the next key before it signs, and the previous ones until their last token has expired.',
      tags: ['keys'],
      response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }), ...problemResponses() },
    },
    handler(_request, reply) {
      return reply
        .header('cache-control', `public, max-age=${jwksMaxAgeSeconds}`)
        .header('access-control-allow-origin', '*')
        .send(engine.keyRing.jwks())
    },
  })
}
