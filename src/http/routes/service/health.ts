import { Type } from 'typebox'
import { equalSecrets } from '../../../crypto/equal.ts'
import { Problem } from '../../../domain/problem.ts'
import { bearerTokenOf } from '../../caller/bearer.ts'
import type { HttpContext } from '../../context.ts'
import { problemResponses } from '../../schema/schemas.ts'

const tags = ['operation']

export function healthRoutes({ app, engine, settings, metrics }: HttpContext): void {
  app.get('/healthz', {
    schema: { tags, summary: 'The process is alive', response: { 200: Type.Object({ status: Type.Literal('ok') }) } },
    handler: (_request, reply) => reply.send({ status: 'ok' }),
  })

  app.get('/readyz', {
    schema: {
      tags,
      summary: 'It can serve: the database answers and the keys are loaded',
      response: {
        200: Type.Object({
          status: Type.Literal('ready'),
          database: Type.String(),
          signing_key: Type.String(),
          clock_offset_seconds: Type.Number({ description: 'How far ahead this machine is of the time that counts, the database’s' }),
        }),
        ...problemResponses('not_ready'),
      },
    },
    async handler() {
      await engine.store.ping()
      const current = engine.keyRing.keys().find((key) => key.state === 'current')
      if (!current) throw new Problem('not_ready', { retryAfterSeconds: 1 })
      const offset = Math.round(engine.clockOffset() / 100) / 10
      return { status: 'ready', database: engine.store.engine, signing_key: current.kid, clock_offset_seconds: offset }
    },
  })

  app.get('/metrics', {
    schema: {
      tags,
      summary: 'Prometheus metrics',
      description: 'Only from this machine, or with the token of SUMUN_METRICS_TOKEN.',
      response: problemResponses(...(['not_authenticated', 'invalid_token'] as const)),
    },
    async handler(request, reply) {
      if (settings.metricsToken === null) {
        // Through a proxy it would be anybody's; only a direct connection from this machine counts.
        const address = request.socket.remoteAddress ?? ''
        const isLocal = /^(::ffff:)?127\./.test(address) || address === '::1'
        if (!isLocal || request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined)
          throw new Problem('not_found')
      } else if (!equalSecrets(bearerTokenOf(request), settings.metricsToken)) throw new Problem('invalid_token')
      return reply.header('content-type', metrics.contentType).send(await metrics.text())
    },
  })
}
