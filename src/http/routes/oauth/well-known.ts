import { Type } from 'typebox'
import { siteOf } from '../../../domain/site.ts'
import type { HttpContext } from '../../context.ts'

/** Small documents that browsers and password managers look for. */
export function wellKnownRoutes({ app, engine }: HttpContext): void {
  app.get('/.well-known/webauthn', {
    schema: {
      summary: 'Origins that may use passkeys of this server',
      description: 'WebAuthn Level 3 §5.11: related origin requests',
      tags: ['keys'],
      response: { 200: Type.Object({ origins: Type.Array(Type.String()) }) },
    },
    handler: () => {
      const { origin } = siteOf(engine.settings.issuer)
      return { origins: [origin, ...engine.methods.list.flatMap((method) => engine.methods.relatedOrigins(method))] }
    },
  })

  // W3C, A Well-Known URL for Changing Passwords: where a password manager leads whoever should.
  app.get('/.well-known/change-password', { schema: { hide: true } }, (_request, reply) => reply.redirect('/account', 302))
}
