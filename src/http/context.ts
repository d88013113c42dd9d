import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { OpenIdProvider } from '../engine/clients/openid-provider.ts'
import type { Engine } from '../engine/engine.ts'
import type { Metrics } from './metrics/metrics.ts'

export interface HttpSettings {
  trustProxy: number
  corsOrigins: readonly string[]
  metricsToken: string | null
}

/** What routes are made from. */
export interface HttpContext {
  app: FastifyInstance
  engine: Engine
  openid: OpenIdProvider
  settings: HttpSettings
  metrics: Metrics
  log: Logger
  version: string
  /** The paths of all forms, collected as routes are registered; for the attack tests. */
  forms: string[]
}
