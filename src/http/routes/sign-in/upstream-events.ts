import { type Static, Type } from 'typebox'
import type { UpstreamNotice } from '../../../domain/connection.ts'
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
const isForm = schemaCheck(
  Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 8192 }), {
    minProperties: 1,
    maxProperties: 8,
  }),
)

/**
 * Where providers send their signed events: RFC 8935, back-channel logout, Apple's notifications, and the
 * forms of Naver and Facebook.
 */
export function upstreamEventRoutes(context: HttpContext): void {
  const { app, engine } = context
  app.post(
    '/v1/connections/:slug/events',
    { schema: { hide: true, params: slugParams }, config: { takesForms: true, takesEvents: true } },
    async (request, reply) => {
      const { slug } = request.params as Static<typeof slugParams>
      const requester = requesterOf(engine, request)
      const answer = await receiveEvents(engine, { slug, notice: noticeIn(request.body), requester })
      return reply.code(answer.status).header('cache-control', 'no-store').send(answer.body)
    },
  )
}

function noticeIn(body: unknown): UpstreamNotice {
  if (isToken(body)) return { token: body as string }
  if (isLogout(body)) return { token: (body as { logout_token: string }).logout_token }
  if (isApple(body)) return { token: (body as { payload: string }).payload }
  if (isForm(body)) return { fields: body as Record<string, string> }
  const extensions = { err: 'invalid_request' }
  throw new Problem('malformed_request', { detail: 'There is no token', extensions })
}
