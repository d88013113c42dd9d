import type { Static } from 'typebox'
import { receiveEvents } from '../../../engine/sign-in/receive-events.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { slugParams } from '../../page/upstreams.ts'

/** Single logout by redirect: a provider's request ends sessions; its response leads to the sign-in page. */
export function upstreamLogoutRoutes(context: HttpContext): void {
  const { app, engine } = context
  app.get(
    '/v1/connections/:slug/logout',
    { schema: { hide: true, params: slugParams } },
    async (request, reply) => {
      const { slug } = request.params as Static<typeof slugParams>
      const query = request.url.split('?', 2)[1] ?? ''
      if (!/(^|&)SAMLRequest=/.test(query)) return reply.redirect('/signin', 303)
      const requester = requesterOf(engine, request)
      const { status, location } = await receiveEvents(engine, { slug, notice: { query }, requester })
      reply.header('cache-control', 'no-store')
      return location === undefined ? reply.code(status).send() : reply.redirect(location, 303)
    },
  )
}
