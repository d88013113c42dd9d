import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Trace } from '../../engine/audit/audit-log.ts'
import { sourceOf } from '../caller/requester.ts'

const current = new AsyncLocalStorage<FastifyRequest>()

/** The request id, available to everything that the request causes. */
export function installRequestTrace(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => current.run(request, done))
}

/** Of the current request; undefined in background work. */
export function currentTrace(): Trace | undefined {
  const request = current.getStore()
  return request && { request: request.id, source: sourceOf(request) }
}
