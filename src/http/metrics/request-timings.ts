import type { FastifyInstance } from 'fastify'

const name = 'sumun_http_request_duration_seconds'
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] // seconds

/** One series; plain data, since it goes from process to process. */
export interface Timing {
  labels: string
  counts: number[]
  sum: number
  total: number
}

/**
 * A histogram by route, method and status class. Hand-written: prom-client's costs more than the fastest
 * request.
 */
export function createRequestTimings(): { observe(app: FastifyInstance): void; all(): Timing[] } {
  const timings = new Map<string, Timing>()

  function record(route: string, method: string, status: number, seconds: number): void {
    const key = `${method} ${status} ${route}`
    let timing = timings.get(key)
    if (!timing) {
      const labels = `route="${route.replaceAll(/[\\"\n]/g, '')}",method="${method}",status="${status}"`
      timings.set(key, (timing = { labels, counts: bounds.map(() => 0), sum: 0, total: 0 }))
    }
    timing.total++
    timing.sum += seconds
    const at = bounds.findIndex((bound) => seconds <= bound)
    if (at >= 0) timing.counts[at] = (timing.counts[at] as number) + 1
  }

  return {
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        record(
          request.routeOptions.url ?? 'none',
          request.routeOptions.url === undefined ? 'ANY' : request.method,
          reply.statusCode,
          reply.elapsedTime / 1000,
        )
        done()
      })
    },
    all: () => [...timings.values()],
  }
}

/** In Prometheus format, summed over processes. */
export function timingsText(timings: readonly Timing[]): string {
  const lines = [`# HELP ${name} Time from request to reply`, `# TYPE ${name} histogram`]
  for (const { labels, counts, sum, total } of addedUp(timings)) {
    let below = 0
    for (const [index, bound] of bounds.entries())
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${(below += counts[index] as number)}`)
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${total}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${total}`,
    )
  }
  return `${lines.join('\n')}\n`
}

function addedUp(timings: readonly Timing[]): Iterable<Timing> {
  const byLabels = new Map<string, Timing>()
  for (const { labels, counts, sum, total } of timings) {
    const former = byLabels.get(labels)
    byLabels.set(labels, {
      labels,
      counts: former ? counts.map((count, index) => count + (former.counts[index] as number)) : counts,
      sum: sum + (former?.sum ?? 0),
      total: total + (former?.total ?? 0),
    })
  }
  return byLabels.values()
}
