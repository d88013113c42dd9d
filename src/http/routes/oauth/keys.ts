import { Type } from 'typebox'
import { jwksMaxAgeSeconds } from '../../../engine/keys/rotate-keys.ts'
import type { HttpContext } from '../../context.ts'
import { anything } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

export function keyRoutes(context: HttpContext): void {
  route(context, 'GET /.well-known/jwks.json', {
    operationId: 'getKeys',
    tag: 'keys',
    summary: 'The keys that tokens are signed with',
    description:
      'RFC 7517. Contains the next key before it signs, and previous ones until their last token has expired.',
    reply: Type.Object({ keys: Type.Array(anything) }),
    handler: ({ reply }) =>
      reply
        .header('cache-control', `public, max-age=${jwksMaxAgeSeconds}`)
        .header('access-control-allow-origin', '*')
        .send(context.engine.keyRing.jwks()),
  })
}
