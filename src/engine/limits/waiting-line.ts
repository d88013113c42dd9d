import { setTimeout as wait } from 'node:timers/promises'

/** FIFO queues by key, in this process; other nodes have their own. */
export interface WaitingLine {
  /** Whether requests wait for it. */
  isFormed(key: string): boolean
  /**
   * Waits for its turn, then until `take` returns something. Undefined after `waitMilliseconds`, or if the
   * queue is full.
   */
  stand<Taken>(key: string, take: () => Promise<Taken | undefined>): Promise<Taken | undefined>
}

/** Only the first of each queue polls: a thousand waiting cost no more than one. */
export function createWaitingLine(given: {
  waitMilliseconds: number
  pollMilliseconds: number
  lengthMax: number
}): WaitingLine {
  const { waitMilliseconds, pollMilliseconds, lengthMax } = given
  const lines = new Map<string, { length: number; last: Promise<void> }>()

  async function take<Taken>(
    giveUpAt: number,
    ask: () => Promise<Taken | undefined>,
  ): Promise<Taken | undefined> {
    while (performance.now() < giveUpAt) {
      const taken = await ask()
      if (taken !== undefined) return taken
      await wait(pollMilliseconds)
    }
    return undefined
  }

  return {
    isFormed: (key) => lines.has(key),
    async stand(key, ask) {
      // on the monotonic clock: it has nothing to do with the time of day
      const giveUpAt = performance.now() + waitMilliseconds
      const line = lines.get(key) ?? { length: 0, last: Promise.resolve() }
      if (line.length >= lengthMax) return undefined
      line.length += 1
      lines.set(key, line)
      const own = line.last.then(() => take(giveUpAt, ask))
      line.last = own.then(
        () => undefined,
        () => undefined,
      )
      return own.finally(() => {
        line.length -= 1
        if (line.length === 0) lines.delete(key)
      })
    },
  }
}
