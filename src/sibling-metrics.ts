import cluster, { type Worker } from 'node:cluster'
import type { MetricsSnapshot, Siblings } from './http/metrics/metrics.ts'

const waitMilliseconds = 1_000 // for one that is too busy to say

/** Without it, what cannot be sent to one that is ending is an error of the whole process. */
const unheard = (): void => undefined

type FromWorker = { wantsMetrics: number } | { metrics: MetricsSnapshot; for: number }
type ToWorker = { givesMetricsFor: number } | { siblings: Siblings; of: number }

/** In a worker: asks the others through the primary, and answers them. A single process has none to ask. */
export function createSiblingMetrics(own: () => Promise<MetricsSnapshot>): () => Promise<Siblings> {
  const none: Siblings = { snapshots: [], restarts: 0 }
  if (!cluster.isWorker) return async () => none
  const waiting = new Map<number, (siblings: Siblings) => void>()
  let asked = 0
  const send = (message: FromWorker): void => void process.send?.(message, undefined, undefined, unheard)
  process.on('message', async (message: ToWorker) => {
    if ('givesMetricsFor' in message) return send({ metrics: await own(), for: message.givesMetricsFor })
    if ('siblings' in message) waiting.get(message.of)?.(message.siblings)
  })
  return () =>
    new Promise((resolve) => {
      const question = ++asked
      const done = (siblings: Siblings): void => {
        clearTimeout(timer)
        waiting.delete(question)
        resolve(siblings)
      }
      const timer = setTimeout(done, 2 * waitMilliseconds, none)
      waiting.set(question, done)
      send({ wantsMetrics: question })
    })
}

/** In the primary: takes each worker's question to the others, and brings back what they said in time. */
export function createMetricsRelay(countRestarts: () => number): (worker: Worker) => void {
  const collecting = new Map<number, (metrics: MetricsSnapshot) => void>()
  let collections = 0

  async function collect(asker: Worker): Promise<MetricsSnapshot[]> {
    const others = Object.values(cluster.workers ?? {}).filter(
      (worker) => worker !== undefined && worker !== asker && worker.isConnected(),
    )
    if (others.length === 0) return []
    const collection = ++collections
    const snapshots: MetricsSnapshot[] = []
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMilliseconds)
      collecting.set(collection, (metrics) => {
        if (snapshots.push(metrics) < others.length) return
        clearTimeout(timer)
        resolve()
      })
      for (const worker of others) worker?.send({ givesMetricsFor: collection } satisfies ToWorker, unheard)
    })
    collecting.delete(collection)
    return snapshots
  }

  return (worker) => {
    worker.on('message', async (message: FromWorker) => {
      if ('metrics' in message) collecting.get(message.for)?.(message.metrics)
      if (!('wantsMetrics' in message)) return
      const siblings: Siblings = { snapshots: await collect(worker), restarts: countRestarts() }
      if (worker.isConnected())
        worker.send({ siblings, of: message.wantsMetrics } satisfies ToWorker, unheard)
    })
  }
}
