import type { FastifyInstance } from 'fastify'
import { siteOf } from '../../domain/site.ts'
import type { Engine } from '../../engine/engine.ts'
import { requestFault } from './request-rules.ts'

/** For data, which a browser should not render, frame, sniff or cache. Pages set their own policy. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const

const strictTransport = 'max-age=63072000; includeSubDomains'

/**
 * Headers of every reply, and rules of every request. HTTPS is decided by the issuer: the reverse proxy
 * speaks plain HTTP to us.
 */
export function installSecurityHeaders(app: FastifyInstance, { settings }: Pick<Engine, 'settings'>): void {
  const { isHttps } = siteOf(settings.issuer)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers)
    reply.header('x-request-id', request.id)
    if (isHttps) reply.header('strict-transport-security', strictTransport)
    const fault = requestFault(request.raw)
    if (!fault) return done()
    reply.headers(fault.headers)
    if (fault.closes) reply.header('connection', 'close')
    done(fault.problem)
  })
}
