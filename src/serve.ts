import cluster from 'node:cluster'
import type { Logger } from 'pino'
import { startServer } from './server.ts'
import type { Settings } from './settings/read.ts'

const restartDelayMilliseconds = 1000

/** Serves until SIGTERM or SIGINT. Prints the ready line to stdout when the first request can be answered. Resolves to the exit code. */
export function serve(settings: Settings, log: Logger): Promise<number> {
  if (settings.server.workers === 1) return serveHere(settings, log, { announces: true, printReady })
  if (cluster.isPrimary) return serveByWorkers(settings, log)
  return serveHere(settings, log, { announces: cluster.worker?.id === 1, printReady: (url) => process.send?.({ ready: url }) })
}

const printReady = (url: string): void => {
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`)
}

async function serveHere(settings: Settings, log: Logger, given: { announces: boolean; printReady(url: string): void }): Promise<number> {
  const stopped = untilToldToStop()
  const server = await startServer({ settings, log, announces: given.announces })
  given.printReady(server.url)
  log.info({ event: 'server.ready', url: server.url }, `ready at ${server.url}`)
  const signal = await stopped
  log.info({ event: 'server.stopping', signal }, 'finishing what is under way')
  await server.stop()
  log.info({ event: 'server.stopped' }, 'stopped')
  process.disconnect?.() // a worker's channel to its primary would keep it alive
  return 0
}

/** Forks; the kernel's one port is shared. A worker that dies is replaced. */
async function serveByWorkers(settings: Settings, log: Logger): Promise<number> {
  const stopped = untilToldToStop()
  let stopping = false
  let ready = 0
  const fork = (): void => {
    cluster.fork().on('message', ({ ready: url }: { ready: string }) => {
      if (++ready === settings.server.workers) printReady(url)
    })
  }
  const failed = new Promise<number>((resolve) => {
    cluster.on('exit', (worker, code) => {
      if (stopping) return
      log.error({ event: 'worker.died', pid: worker.process.pid, code }, 'a worker died')
      // Before all are up it is a fault of the settings, which a new worker would share.
      if (ready < settings.server.workers) resolve(code || 1)
      else setTimeout(fork, restartDelayMilliseconds)
    })
  })
  for (let i = 0; i < settings.server.workers; i++) fork()
  const outcome = await Promise.race([stopped, failed])
  stopping = true
  // Not worker.kill, which waits for connections to end before it tells the worker anything.
  const ended = Object.values(cluster.workers ?? {}).map(
    (worker) => new Promise((done) => worker?.once('exit', done).process.kill('SIGTERM')),
  )
  await Promise.all(ended)
  return typeof outcome === 'number' ? outcome : 0
}

const untilToldToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
