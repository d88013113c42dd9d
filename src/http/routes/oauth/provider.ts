import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../../domain/problem.ts'
import { sourceOf } from '../../caller/requester.ts'
import { holdsSession } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { readRawBody } from '../../server/raw-body.ts'

const devicePath = '/oauth/device'
/** The maximum length of a form as a query. */
const queryLengthMax = 8 * 1024

/**
 * The OpenID provider's endpoints: discovery, and everything under /oauth that is not a page of ours. A
 * separate app, since the library reads the bodies.
 */
export function providerRoutes({ app, engine, openid }: HttpContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const options = { schema: { hide: true }, method: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const }
  for (const url of [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oauth/*',
  ])
    app.route({
      ...options,
      method: [...options.method],
      url,
      async handler(request: FastifyRequest, reply) {
        const path = pathOf(request)
        refuseOther(request, reply, openid.methodsAt(path))
        const source = sourceOf(request)
        if (request.method === 'POST' && path === devicePath) await engine.rateLimits.admitDeviceCode(source)
        const body = request.method === 'POST' ? await bodyOf(request, reply) : undefined
        if (isKept(request, path, body) && !holdsSession(engine, request))
          await engine.rateLimits.admitAnonymous(source)
        if (request.method === 'POST' && openid.isAskedByBrowser(path))
          return askAgain(reply, path, body ?? '')
        reply.hijack()
        await openid.handle(request.raw, reply.raw, { source, requestId: request.id, body })
      },
    })
}

/** Requests for which the library stores a row without client authentication. */
const keptPages = ['/oauth/authorize', devicePath, '/oauth/logout']
const keptRequests = ['/oauth/device_authorization', '/oauth/par']
const isKept = ({ method, headers }: FastifyRequest, path: string, body = ''): boolean =>
  (method === 'GET' && keptPages.includes(path)) ||
  (method === 'POST' &&
    keptRequests.includes(path) &&
    headers.authorization === undefined &&
    !/(^|&)client_(secret|assertion)=/.test(body))

const pathOf = ({ raw }: FastifyRequest): string => raw.url?.split('?')[0] ?? ''

/** Throws `not_found`, `method_not_allowed`. */
function refuseOther({ method }: FastifyRequest, reply: FastifyReply, taken: readonly string[] | null): void {
  if (taken === null) throw new Problem('not_found')
  if (taken.includes(method)) return
  reply.header('allow', taken.join(', '))
  throw new Problem('method_not_allowed')
}

/**
 * Throws `body_too_large` before it is all read, `malformed_request` if it holds a NUL, which no parameter
 * may.
 */
async function bodyOf(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const body = await readRawBody(request.raw)
  if (body === undefined) {
    reply.header('connection', 'close')
    throw new Problem('body_too_large')
  }
  if (body.includes('\0') || body.includes('%00'))
    throw new Problem('malformed_request', { detail: 'A parameter contains a NUL character' })
  return body
}

/** A cross-site form comes without cookies; a redirect makes the browser send them. */
function askAgain(reply: FastifyReply, path: string, body: string): FastifyReply {
  if (body.length > queryLengthMax)
    throw new Problem('body_too_large', {
      detail: 'The request is too long for a redirect: use a pushed authorization request (RFC 9126)',
    })
  return reply.redirect(body === '' ? path : `${path}?${body}`, 303)
}
