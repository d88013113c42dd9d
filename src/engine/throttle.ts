import type { MasterKey } from '../crypto/master-key.ts'
import type { Clock } from '../domain/clock.ts'
import type { Aggregates, Store } from '../store/store.ts'
import { createThrottleKeys, type Quota, tooManyAttempts, waitOf } from './throttle-bucket.ts'

/** A name and a source together: what somebody guessing one account from one place runs into first. */
const freeFailures = 5
const freeFailuresUnderAttack = 1
const inFlightWhenProved = 100 // NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures
const delayMillisecondsMax = 15 * 60_000

/** A name from everywhere: it never blocks anybody, it only makes strangers' first tries fewer. */
const accountBucket = { burst: 100, leakMilliseconds: 36_000 }
/** A source against every name: a hundred failures, then one every six seconds. */
const sourceBucket = { burst: 100, leakMilliseconds: 6_000 }
/** What becomes of a place. Rows are always taken in one order, source before pair, so that no two wait for each other. */
export interface Admission {
  quota: Quota
  /** From this source, that name has been proved before. */
  isKnownPlace: boolean
  /** Inside the transaction that records the success. */
  succeeded(tx: Aggregates): Promise<void>
  /** Inside the transaction that records the failure. */
  failed(tx: Aggregates): Promise<void>
  /** Nothing was learnt: the answer was not looked at. */
  abandoned(): Promise<void>
}

/**
 * Counts in the database, so that all nodes count together. Each try takes its place before its answer is looked at; a
 * thousand at once are no better than one after the other. Nobody can lock an owner out: a name is held only for the source
 * that failed, and a place that has succeeded before keeps its full allowance.
 */
export interface Throttle {
  /** Throws `too_many_attempts`, with the seconds to wait. */
  admitSignIn(try_: { name: string; source: string }): Promise<Admission>
  /** Whoever has just made an account has proved it, from where they are. */
  welcome(tx: Aggregates, new_: { names: readonly string[]; source: string }): Promise<void>
}

export function createThrottle({ store, clock, masterKey }: { store: Store; clock: Clock; masterKey: MasterKey }): Throttle {
  const keyOf = createThrottleKeys(masterKey)

  return {
    async admitSignIn({ name, source }) {
      const now = clock.now()
      const pairKey = keyOf('pair', name, source)
      const accountKey = keyOf('account', name)
      const sourceKey = keyOf('source', source)
      const state = await store.transaction(async (tx) => {
        if (!(await tx.throttles.pour({ key: sourceKey, now, ...sourceBucket })))
          throw tooManyAttempts(await waitOf(tx, sourceKey, { now, ...sourceBucket }), freeFailures)
        const account = await tx.throttles.find(accountKey)
        const underAttack = account !== undefined && account.freeAt - now > (accountBucket.burst - 1) * accountBucket.leakMilliseconds
        const strangersFreeFailures = underAttack ? freeFailuresUnderAttack : freeFailures
        const place = await tx.throttles.take({ key: pairKey, now, freeFailures, strangersFreeFailures, inFlightWhenProved })
        if (!place) throw tooManyAttempts(((await tx.throttles.find(pairKey))?.freeAt ?? now) - now, freeFailures)
        return { ...place, allowed: place.provedAt === null ? strangersFreeFailures : freeFailures }
      })
      const remaining = Math.max(0, state.allowed - state.failures - 1)
      return {
        isKnownPlace: state.provedAt !== null,
        quota: { policy: 'sign-in', limit: state.allowed, remaining, resetSeconds: Math.ceil(delayMillisecondsMax / 1000) },
        async succeeded(tx) {
          await tx.throttles.unpour({ key: sourceKey, ...sourceBucket })
          await tx.throttles.settleSuccess({ key: pairKey, now: clock.now() })
        },
        async failed(tx) {
          await tx.throttles.settleFailure({ key: pairKey, now: clock.now(), freeFailures: state.allowed, delayMillisecondsMax })
          await tx.throttles.pour({ key: accountKey, now: clock.now(), ...accountBucket })
        },
        abandoned: () =>
          store.transaction(async (tx) => {
            await tx.throttles.unpour({ key: sourceKey, ...sourceBucket })
            await tx.throttles.giveBack(pairKey)
          }),
      }
    },

    async welcome(tx, { names, source }) {
      for (const name of names) await tx.throttles.settleSuccess({ key: keyOf('pair', name, source), now: clock.now() })
    },
  }
}
