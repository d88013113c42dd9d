import { Type } from 'typebox'
import { equalSecrets } from '../../../crypto/equal.ts'
import { isLoopback } from '../../../domain/loopback.ts'
import { Problem } from '../../../domain/problem.ts'
import { bearerTokenOf } from '../../caller/bearer.ts'
import type { HttpContext } from '../../context.ts'
import { route } from '../../server/route.ts'

export function healthRoutes(context: HttpContext): void {
  const { engine, settings, metrics } = context
  route(context, 'GET /healthz', {
    operationId: 'getHealth',
    tag: 'operation',
    summary: 'The process is alive',
    reply: Type.Object({ status: Type.Literal('ok') }),
    handler: () => ({ status: 'ok' }) as const,
  })

  route(context, 'GET /readyz', {
    operationId: 'getReadiness',
    tag: 'operation',
    summary: 'It can serve: the database answers and the keys are loaded',
    reply: Type.Object({
      status: Type.Literal('ready'),
      database: Type.String(),
      signing_key: Type.String(),
      clock_offset_seconds: Type.Number({
        description: 'How far this machine’s clock is ahead of the database’s, in seconds',
      }),
    }),
    errors: ['not_ready'],
    async handler() {
      await engine.store.ping()
      const current = engine.keyRing.keys().find((key) => key.state === 'current')
      if (!current) throw new Problem('not_ready', { retryAfterSeconds: 1 })
      const offset = Math.round(engine.clockOffset() / 100) / 10
      return {
        status: 'ready',
        database: engine.store.engine,
        signing_key: current.kid,
        clock_offset_seconds: offset,
      } as const
    },
  })

  route(context, 'GET /metrics', {
    operationId: 'getMetrics',
    tag: 'operation',
    summary: 'Prometheus metrics',
    description: 'Only from this machine, or with the token of SUMUN_METRICS_TOKEN.',
    produces: ['text/plain'],
    reply: Type.String(),
    errors: ['not_authenticated', 'invalid_token', 'not_found'],
    async handler({ request, reply }) {
      if (settings.metricsToken === null) {
        // Only for a direct connection from this machine: through a proxy it could be anyone's.
        const isLocal = isLoopback(request.socket.remoteAddress ?? '')
        if (
          !isLocal ||
          request.headers['x-forwarded-for'] !== undefined ||
          request.headers.forwarded !== undefined
        )
          throw new Problem('not_found')
      } else if (!equalSecrets(bearerTokenOf(request), settings.metricsToken))
        throw new Problem('invalid_token')
      return reply.header('content-type', metrics.contentType).send(await metrics.text())
    },
  })
}
