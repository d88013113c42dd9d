import { Type } from 'typebox'
import { siteOf } from '../../../domain/site.ts'
import type { HttpContext } from '../../context.ts'
import { route } from '../../server/route.ts'

/** Small documents that browsers and password managers look for. */
export function wellKnownRoutes(context: HttpContext): void {
  const { app, engine } = context
  route(context, 'GET /.well-known/webauthn', {
    operationId: 'getRelatedOrigins',
    tag: 'keys',
    summary: 'Origins that may use passkeys of this server',
    description: 'WebAuthn Level 3 §5.11: related origin requests',
    reply: Type.Object({ origins: Type.Array(Type.String()) }),
    handler: () => {
      const { origin } = siteOf(engine.settings.issuer)
      return {
        origins: [origin, ...engine.methods.list.flatMap((method) => engine.methods.relatedOrigins(method))],
      }
    },
  })

  // W3C, A Well-Known URL for Changing Passwords: where a password manager leads its user.
  app.get('/.well-known/change-password', { schema: { hide: true } }, (_request, reply) =>
    reply.redirect('/account', 302),
  )
}
