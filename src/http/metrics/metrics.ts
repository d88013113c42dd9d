import type { FastifyInstance } from 'fastify'
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { HashQueue } from '../../crypto/password-hash/hash-queue.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Observer } from '../../engine/engine.ts'
import type { KeyRing } from '../../engine/keys/key-ring.ts'
import { createRequestTimings, type Timing, timingsText } from './request-timings.ts'

/**
 * Prometheus metrics. Labels are routes, methods and fixed words, so that requests cannot create new series.
 */
export interface Metrics {
  observeRequests(app: FastifyInstance): void
  signIn: Observer['signIn']
  backgroundFailure(task: string): void
  secretsExpiring(count: number): void
  message(channel: string, outcome: 'sent' | 'failed' | 'given_up'): void
  contentType: string
  /** Of this process; plain data. */
  snapshot(): Promise<MetricsSnapshot>
  /** Of all worker processes of this server. */
  text(): Promise<string>
}

export interface MetricsSnapshot {
  registry: MetricObjectWithValues<MetricValue<string>>[]
  timings: Timing[]
}

/** The counts of the other workers, and how often one was restarted. */
export interface Siblings {
  snapshots: MetricsSnapshot[]
  restarts: number
}

export function createMetrics(given: {
  queue: HashQueue
  keyRing: KeyRing
  clock: Clock
  /** Of the other workers; empty if this process is the only one. */
  askSiblings(): Promise<Siblings>
}): Metrics {
  const { queue, keyRing, clock, askSiblings } = given
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const signIns = new Counter({
    name: 'sumun_sign_ins_total',
    help: 'Sign-ins by method and outcome',
    labelNames: ['method', 'outcome'],
    registers,
  })
  const failures = new Counter({
    name: 'sumun_background_failures_total',
    help: 'Background tasks that failed',
    labelNames: ['task'],
    registers,
  })
  const messages = new Counter({
    name: 'sumun_messages_total',
    help: 'Mails and text messages by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers,
  })
  new Gauge({
    name: 'sumun_hash_queue_waiting',
    help: 'Password hashes waiting for their turn',
    registers,
    collect() {
      this.set(queue.waiting())
    },
  })
  new Gauge({
    name: 'sumun_hash_queue_running',
    help: 'Password hashes being computed',
    registers,
    collect() {
      this.set(queue.running())
    },
  })
  new Gauge({
    name: 'sumun_signing_key_age_seconds',
    help: 'Age of each live signing key',
    labelNames: ['kid', 'state'],
    registers,
    aggregator: 'max',
    collect() {
      this.reset()
      for (const { kid, state, createdAt } of keyRing.keys())
        this.set({ kid, state }, (clock.now() - createdAt) / 1000)
    },
  })
  const expiring = new Gauge({
    name: 'sumun_connection_secrets_expiring',
    help: 'Connections whose secret or certificate expires within a month, or has',
    registers,
    aggregator: 'max',
  })
  const timings = createRequestTimings()
  return {
    observeRequests: (app) => timings.observe(app),
    signIn: (method, outcome) => signIns.inc({ method, outcome }),
    message: (channel, outcome) => messages.inc({ channel, outcome }),
    backgroundFailure: (task) => failures.inc({ task }),
    secretsExpiring: (count) => expiring.set(count),
    contentType: registry.contentType,
    snapshot: async () => ({ registry: await registry.getMetricsAsJSON(), timings: timings.all() }),
    async text() {
      const { snapshots, restarts } = await askSiblings()
      // Collected once: some gauges reset when they are collected.
      const counted =
        snapshots.length === 0
          ? registry
          : AggregatorRegistry.aggregate([
              await registry.getMetricsAsJSON(),
              ...snapshots.map((one) => one.registry),
            ])
      const timed = [...timings.all(), ...snapshots.flatMap((one) => one.timings)]
      return (await counted.metrics()) + restartsText(restarts) + timingsText(timed)
    },
  }
}

const restartsText = (count: number): string =>
  [
    '# HELP sumun_worker_restarts_total Workers that died and were replaced',
    '# TYPE sumun_worker_restarts_total counter',
    `sumun_worker_restarts_total ${count}\n`,
  ].join('\n')
