import type { FastifyRequest } from 'fastify'
import type { HttpContext } from '../context.ts'
import { sourceOf } from '../requester.ts'

const devicePath = '/oauth/device'

/**
 * What the OpenID provider answers by itself: discovery, and all under /oauth that no page of ours takes. Its own app, since the
 * library reads the bodies.
 */
export function providerRoutes({ app, engine, openid }: HttpContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const options = { schema: { hide: true }, method: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const }
  for (const url of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/*'])
    app.route({
      ...options,
      method: [...options.method],
      url,
      async handler(request: FastifyRequest, reply) {
        const source = sourceOf(request.ip)
        if (request.method === 'POST' && request.url.split('?')[0] === devicePath) await engine.rations.admitDeviceCode(source)
        reply.hijack()
        await openid.handle(request.raw, reply.raw, { source, requestId: request.id })
      },
    })
}
