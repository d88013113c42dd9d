import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Trace } from '../../engine/audit/audit-log.ts'
import { sourceOf } from '../caller/requester.ts'

const current = new AsyncLocalStorage<FastifyRequest>()

/** Whatever a request causes knows which request it was. */
export function installRequestTrace(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => current.run(request, done))
}

/** Of the request that is being answered; undefined in what runs by itself. */
export function currentTrace(): Trace | undefined {
  const request = current.getStore()
  return request && { request: request.id, source: sourceOf(request) }
}
