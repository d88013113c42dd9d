import { type Clock, systemClock } from '../domain/clock.ts'

const readEveryMilliseconds = 10_000
const slowAnswerMilliseconds = 200 // says little of when it was written
const jumpMilliseconds = 1_000

interface Connection {
  query(text: string): Promise<{ rows: { now: string }[] }>
}

/**
 * The database's time: the one clock that all nodes share, so that no node compares another machine's time
 * with its own. Advanced by the monotonic clock between readings; until the first reading, the machine's own
 * time.
 */
export interface DatabaseClock extends Clock {
  isKnown(): boolean
  read(connection: Connection): Promise<void>
  /** Reads it at intervals, until the timer is cleared. */
  follow(connection: Connection): NodeJS.Timeout
}

export function createDatabaseClock(): DatabaseClock {
  /** The database's time where the monotonic clock is 0. */
  let origin: number | undefined
  let readAt = -Infinity

  async function read(connection: Connection): Promise<void> {
    const askedAt = performance.now()
    if (origin !== undefined && askedAt - readAt < readEveryMilliseconds / 2) return
    const answer = await connection
      .query('SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS "now"')
      .catch(() => undefined)
    const answeredAt = performance.now()
    if (!answer || answeredAt - askedAt > slowAnswerMilliseconds) return
    origin = Number(answer.rows[0]?.now) - (askedAt + answeredAt) / 2
    readAt = askedAt
  }

  return {
    now: () => (origin === undefined ? systemClock.now() : Math.floor(origin + performance.now())),
    isKnown: () => origin !== undefined,
    read,
    follow(connection) {
      // A machine that slept, or whose clock was set, may have lost the monotonic one as well.
      let apart = systemClock.now() - performance.now()
      let tick = 0
      return setInterval(() => {
        const apartNow = systemClock.now() - performance.now()
        const hasJumped = Math.abs(apartNow - apart) > jumpMilliseconds
        apart = apartNow
        if (hasJumped) readAt = -Infinity
        if (hasJumped || ++tick % (readEveryMilliseconds / jumpMilliseconds) === 0) void read(connection)
      }, jumpMilliseconds).unref()
    },
  }
}
