import type { FastifyInstance } from 'fastify'

const name = 'sumun_http_request_duration_seconds'
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] // seconds

interface Timing {
  labels: string
  counts: number[]
  sum: number
  total: number
}

/** A histogram a route, method and class of status. Kept by hand, since a general one costs more than the fastest request. */
export function createRequestTimings(): { observe(app: FastifyInstance): void; text(): string } {
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
    text() {
      const lines = [`# HELP ${name} Time from request to reply`, `# TYPE ${name} histogram`]
      for (const { labels, counts, sum, total } of timings.values()) {
        let below = 0
        for (const [index, bound] of bounds.entries())
          lines.push(`${name}_bucket{${labels},le="${bound}"} ${(below += counts[index] as number)}`)
        lines.push(`${name}_bucket{${labels},le="+Inf"} ${total}`, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}
