import { type Static, Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { receiveEvents } from '../../../engine/sign-in/receive-events.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { slugParams } from '../../page/upstreams.ts'

const lengths = { minLength: 16, maxLength: 65_536 }
const token = Type.String(lengths)
const isLogout = schemaCheck(Type.Object({ logout_token: token }))
const isApple = schemaCheck(Type.Object({ payload: token }))
const isToken = schemaCheck(token)

/** Where providers send their signed events: RFC 8935, back-channel logout, Apple's notifications. */
export function upstreamEventRoutes(context: HttpContext): void {
  const { app, engine } = context
  app.post(
    '/v1/connections/:slug/events',
    { schema: { hide: true, params: slugParams }, config: { takesForms: true, takesEvents: true } },
    async (request, reply) => {
      const { slug } = request.params as Static<typeof slugParams>
      const requester = requesterOf(engine, request)
      await receiveEvents(engine, { slug, token: tokenIn(request.body), requester })
      return reply.code(202).header('cache-control', 'no-store').send()
    },
  )
}

function tokenIn(body: unknown): string {
  if (isToken(body)) return body as string
  if (isLogout(body)) return (body as { logout_token: string }).logout_token
  if (isApple(body)) return (body as { payload: string }).payload
  const extensions = { err: 'invalid_request' }
  throw new Problem('malformed_request', { detail: 'There is no token', extensions })
}
