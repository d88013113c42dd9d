import { Problem } from '../../domain/problem.ts'

/** The queue's limit: at about 100 hashes a second, the last job waits little more than a second. */
export const hashesWaitingMax = 128
const retryAfterSeconds = 2

interface Job {
  run(): Promise<void>
  refuse(): void
}

export interface HashQueue {
  /** Runs `work` when it is this source's turn. Throws `busy` when the queue is full. */
  run<Result>(source: string, work: () => Promise<Result>): Promise<Result>
  waiting(): number
  running(): number
}

/**
 * Bounded fair queue for CPU-bound work. Sources take turns, one job each; when full, it drops the newest job
 * of the busiest source.
 */
export function createHashQueue({ parallel }: { parallel: number }): HashQueue {
  const lines = new Map<string, Job[]>()
  let waiting = 0
  let running = 0

  function start(job: Job): void {
    running++
    job.run().finally(() => {
      running--
      next()
    })
  }

  function next(): void {
    const turn = lines.entries().next().value
    if (!turn || running >= parallel) return
    const [source, line] = turn
    const job = line.shift() as Job
    waiting--
    lines.delete(source)
    if (line.length > 0) lines.set(source, line) // to the end of the round
    start(job)
  }

  function makeRoomFor(source: string): boolean {
    const [longest, line] = [...lines].reduce((most, entry) =>
      entry[1].length > most[1].length ? entry : most,
    )
    if (line.length <= (lines.get(source)?.length ?? 0) + 1) return false
    line.pop()?.refuse()
    waiting--
    if (line.length === 0) lines.delete(longest)
    return true
  }

  return {
    run: (source, work) =>
      new Promise((resolve, reject) => {
        const refuse = () =>
          reject(
            new Problem('busy', {
              detail: 'Too many sign-ins are being checked; try again shortly',
              retryAfterSeconds,
            }),
          )
        const job: Job = { run: () => work().then(resolve, reject), refuse }
        if (running < parallel) return start(job)
        if (waiting >= hashesWaitingMax && !makeRoomFor(source)) return refuse()
        const line = lines.get(source) ?? []
        line.push(job)
        lines.set(source, line)
        waiting++
      }),
    waiting: () => waiting,
    running: () => running,
  }
}
