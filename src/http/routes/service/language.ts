import { Type } from 'typebox'
import { locales } from '../../../domain/locale.ts'
import { languageCookie } from '../../../words/locale.ts'
import { maxAgeMax, writeCookie } from '../../caller/cookie.ts'
import type { HttpContext } from '../../context.ts'

/** A path of this server: no scheme, no host, nothing that a browser would parse as one (CWE-601). */
const ownPath = '^/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*$'

/** Sets this browser's language for pages. */
export function languageRoutes({ app, engine }: HttpContext): void {
  const params = Type.Object({ locale: Type.Enum([...locales]) })
  const querystring = Type.Object({
    return_to: Type.Optional(Type.String({ pattern: ownPath, maxLength: 2048 })),
  })
  app.get('/language/:locale', { schema: { hide: true, params, querystring } }, async (request, reply) => {
    const { locale } = request.params as { locale: string }
    const { return_to: returnTo = '/signin' } = request.query as { return_to?: string }
    writeCookie(engine, reply, { name: languageCookie, value: locale, maxAge: maxAgeMax })
    return reply.redirect(returnTo, 303)
  })
}
