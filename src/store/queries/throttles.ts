import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { sql } from '../statement.ts'

export interface ThrottleState {
  key: string
  failures: number
  inFlight: number
  freeAt: number
  provedAt: number | null
}

export interface ThrottleStore {
  find(key: string): Promise<ThrottleState | undefined>
  /**
   * Reserves a slot before the answer is checked; undefined if none is free. There are as many slots as
   * failures left of `freeFailures`, and one after that.
   */
  reserve(take: { key: string; now: number; freeFailures: number }): Promise<ThrottleState | undefined>
  /** After `freeFailures`, the key is blocked for a second, doubled with each failure. */
  settleFailure(settle: {
    key: string
    now: number
    freeFailures: number
    delayMillisecondsMax: number
  }): Promise<void>
  settleSuccess(settle: { key: string; now: number }): Promise<void>
  /** Releases a slot without a result. */
  release(key: string): Promise<void>
  /**
   * Leaky bucket (GCRA): adds one if fewer than `burst` are in it; undefined if full. Returns when it will be
   * empty.
   */
  consume(pour: {
    key: string
    now: number
    leakMilliseconds: number
    burst: number
  }): Promise<{ freeAt: number } | undefined>
  /** Takes one out of a bucket. */
  refund(pour: { key: string; leakMilliseconds: number }): Promise<void>
  purge(old: { before: number; provedBefore: number }): Promise<number>
}

const columns = 'key, failures, in_flight AS "inFlight", free_at AS "freeAt", proved_at AS "provedAt"'
const leaseMilliseconds = 60_000 // a slot reserved by a process that died is released after this
const doublingsMax = 20

const findThrottle = sql('findThrottle', `SELECT ${columns} FROM throttle WHERE key = :key`)
const takePlace = sql(
  'takeThrottlePlace',
  `INSERT INTO throttle (key, failures, in_flight, free_at, proved_at, updated_at) VALUES (:key, 0, 1, 0, NULL, :now)
   ON CONFLICT (key) DO UPDATE SET
     in_flight = 1 + CASE WHEN throttle.updated_at < :staleBefore THEN 0 ELSE throttle.in_flight END, updated_at = :now
   WHERE throttle.free_at <= :now
     AND CASE WHEN throttle.updated_at < :staleBefore THEN 0 ELSE throttle.in_flight END
       < CASE WHEN throttle.failures < :freeFailures THEN :freeFailures - throttle.failures ELSE 1 END
   RETURNING ${columns}`,
)
const settleFailure = sql(
  'settleThrottleFailure',
  `UPDATE throttle SET failures = failures + 1, in_flight = CASE WHEN in_flight > 0 THEN in_flight - 1 ELSE 0 END, updated_at = :now,
     free_at = CASE WHEN failures + 1 < :freeFailures THEN free_at
                    WHEN failures + 1 - :freeFailures > ${doublingsMax} THEN CAST(:now AS BIGINT) + CAST(:delayMax AS BIGINT)
                    WHEN (1000 << CAST(failures + 1 - :freeFailures AS INTEGER)) > CAST(:delayMax AS BIGINT) THEN CAST(:now AS BIGINT) + CAST(:delayMax AS BIGINT)
                    ELSE CAST(:now AS BIGINT) + (1000 << CAST(failures + 1 - :freeFailures AS INTEGER)) END
    WHERE key = :key`,
)
const settleSuccess = sql(
  'settleThrottleSuccess',
  `INSERT INTO throttle (key, failures, in_flight, free_at, proved_at, updated_at) VALUES (:key, 0, 0, 0, :now, :now)
   ON CONFLICT (key) DO UPDATE SET failures = 0, free_at = 0, proved_at = :now, updated_at = :now,
     in_flight = CASE WHEN throttle.in_flight > 0 THEN throttle.in_flight - 1 ELSE 0 END`,
)
const giveBackPlace = sql(
  'giveBackThrottlePlace',
  'UPDATE throttle SET in_flight = in_flight - 1 WHERE key = :key AND in_flight > 0',
)
const pour = sql(
  'pourThrottle',
  `INSERT INTO throttle (key, failures, in_flight, free_at, proved_at, updated_at) VALUES (:key, 0, 0, :first, NULL, :now)
   ON CONFLICT (key) DO UPDATE SET updated_at = :now,
     free_at = CASE WHEN throttle.free_at < :now THEN :first ELSE throttle.free_at + :leakMilliseconds END
   WHERE throttle.free_at <= :full
   RETURNING free_at AS "freeAt"`,
)
const unpour = sql(
  'unpourThrottle',
  'UPDATE throttle SET free_at = free_at - :leakMilliseconds WHERE key = :key',
)
// A successful source is remembered for longer than a failed one is blocked.
const purgeThrottles = deleteBatch('purgeThrottles', {
  table: 'throttle',
  key: 'key',
  where: 'updated_at < :before AND free_at < :before AND (proved_at IS NULL OR proved_at < :provedBefore)',
})

export function throttleStore(db: Queryable): ThrottleStore {
  return {
    find: (key) => db.row<ThrottleState>(findThrottle, { key }),
    reserve: (take) =>
      db.row<ThrottleState>(takePlace, { ...take, staleBefore: take.now - leaseMilliseconds }),
    async settleFailure({ delayMillisecondsMax, ...settle }) {
      await db.change(settleFailure, { ...settle, delayMax: delayMillisecondsMax })
    },
    async settleSuccess(settle) {
      await db.change(settleSuccess, settle)
    },
    async release(key) {
      await db.change(giveBackPlace, { key })
    },
    consume: ({ key, now, leakMilliseconds, burst }) =>
      db.row(pour, {
        key,
        now,
        leakMilliseconds,
        first: now + leakMilliseconds,
        full: now + (burst - 1) * leakMilliseconds,
      }),
    async refund(poured) {
      await db.change(unpour, poured)
    },
    purge: (old) => purgeBy(db, purgeThrottles, old),
  }
}
