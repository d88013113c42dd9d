import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import { createGreeter, isForPerson } from './greeting.ts'
import { startServer } from './server.ts'
import type { Settings } from './settings/read.ts'
import { createMetricsRelay } from './sibling-metrics.ts'

const restartMillisecondsMin = 500
const restartMillisecondsMax = 30_000
const steadyMilliseconds = 60_000 // a worker that lived this long did not fail to start
const stopMillisecondsMax = 15_000 // longer than a worker takes to finish what is under way

/**
 * Serves until SIGTERM, SIGINT or SIGHUP. Prints the ready line to stdout when the first request can be
 * answered. Resolves to the exit code.
 */
export async function serve(settings: Settings, log: Logger): Promise<number> {
  process.on('SIGUSR2', () => undefined)
  if (settings.server.workers === 1) return serveHere(settings, log, { announces: true, printReady })
  if (cluster.isPrimary) return serveByWorkers(settings, log)
  try {
    return await serveHere(settings, log, {
      announces: cluster.worker?.id === 1,
      printReady: (url) => process.send?.({ ready: url }),
    })
  } finally {
    process.disconnect?.() // the channel to its primary would keep it alive
  }
}

const printReady = (url: string): void => {
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`)
}

async function serveHere(
  settings: Settings,
  log: Logger,
  given: { announces: boolean; printReady(url: string): void },
): Promise<number> {
  const stopped = untilToldToStop()
  const greeter = isForPerson(settings) ? createGreeter((text) => void process.stdout.write(text)) : undefined
  const starting = startServer({ settings, log, announces: given.announces, ...(greeter && { greeter }) })
  const started = await Promise.race([starting, stopped])
  if (typeof started === 'string') return endStart(starting)
  if (!greeter) {
    given.printReady(started.url)
    log.info({ event: 'server.ready', url: started.url }, `ready at ${started.url}`)
  }
  const signal = await stopped
  log.info({ event: 'server.stopping', signal }, 'finishing current requests')
  await started.stop()
  log.info({ event: 'server.stopped' }, 'stopped')
  return 0
}

/** Stopped before it could serve: no reply is pending. */
async function endStart(starting: ReturnType<typeof startServer>): Promise<number> {
  const server = await starting.catch(() => undefined)
  await server?.stop(0)
  return 0
}

/**
 * Forks; the kernel's one port is shared. A worker that dies is replaced, later and later while it keeps
 * dying.
 */
async function serveByWorkers({ server: { workers } }: Settings, log: Logger): Promise<number> {
  const stopped = untilToldToStop()
  const restart = { count: 0, delay: restartMillisecondsMin }
  let stopping = false
  let ready = 0
  const relayMetrics = createMetricsRelay(() => restart.count)
  const fork = (): void => {
    const startedAt = performance.now()
    const worker = cluster.fork()
    relayMetrics(worker)
    worker.on('message', ({ ready: url }: { ready?: string }) => {
      if (url !== undefined && ++ready === workers) printReady(url)
    })
    worker.once('exit', (code) => onExit(worker, code || 1, performance.now() - startedAt))
  }
  const failed = Promise.withResolvers<number>()
  function onExit(worker: Worker, code: number, livedMilliseconds: number): void {
    if (stopping) return
    // Before all are up it is a fault of the settings, which a new worker would share.
    if (ready < workers) {
      failed.resolve(code)
      return
    }
    restart.delay =
      livedMilliseconds > steadyMilliseconds
        ? restartMillisecondsMin
        : Math.min(restart.delay * 2, restartMillisecondsMax)
    restart.count++
    const { delay, count } = restart
    log.error(
      { event: 'worker.died', pid: worker.process.pid, code, restarts: count, delay },
      `a worker died; another starts in ${delay} ms`,
    )
    setTimeout(() => stopping || fork(), delay)
  }
  for (let i = 0; i < workers; i++) fork()
  const outcome = await Promise.race([stopped, failed.promise])
  stopping = true
  await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && end(worker)))
  return typeof outcome === 'number' ? outcome : 0
}

/** Not worker.kill, which waits for connections to end before it tells the worker anything. */
const end = (worker: Worker): Promise<void> =>
  new Promise((done) => {
    const deadline = setTimeout(() => worker.process.kill('SIGKILL'), stopMillisecondsMax)
    worker.once('exit', () => {
      clearTimeout(deadline)
      done()
    })
    worker.process.kill('SIGTERM')
  })

const untilToldToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve)
  })
