import { createHmac } from 'node:crypto'
import type { MasterKey } from '../crypto/master-key.ts'
import type { Clock } from '../domain/clock.ts'
import type { Message } from '../domain/message.ts'
import { Problem } from '../domain/problem.ts'
import type { Aggregates, Store } from '../store/store.ts'

/** A name and a source together: what somebody guessing one account from one place runs into first. */
const freeFailures = 5
const freeFailuresUnderAttack = 1
const inFlightWhenProved = 100 // NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures
const delayMillisecondsMax = 15 * 60_000

/** A name from everywhere: it never blocks anybody, it only makes strangers' first tries fewer. */
const accountBucket = { burst: 100, leakMilliseconds: 36_000 }
/** A source against every name: a hundred failures, then one every six seconds. */
const sourceBucket = { burst: 100, leakMilliseconds: 6_000 }
/** New accounts from one source: three hundred, then one every twelve seconds. */
const signUpBucket = { burst: 300, leakMilliseconds: 12_000 }

/** Attempts begun from one source: a thousand, then one a second. */
const attemptBucket = { burst: 1000, leakMilliseconds: 1_000 }
/** Codes and links asked for, for one name from one source, and from one source for any name. */
const sendingBucket = { burst: 5, leakMilliseconds: 600_000 }
const sendingSourceBucket = { burst: 60, leakMilliseconds: 60_000 }
/** What one address or number gets, whoever asks: past that, nothing goes out, and nobody is told. */
const addressBucket = { burst: 20, leakMilliseconds: 600_000 }
/** Text messages cost money: to one range of numbers (its first seven digits), whoever asks. All of them are limited by a setting. */
const prefixBucket = { burst: 200, leakMilliseconds: 60_000 }
const prefixLength = 8
const dayMilliseconds = 86_400_000

/** What is left, for the RateLimit header fields (draft-ietf-httpapi-ratelimit-headers). */
export interface Quota {
  policy: string
  limit: number
  remaining: number
  resetSeconds: number
}

/** What becomes of a place. Rows are always taken in one order, source before pair, so that no two wait for each other. */
export interface Admission {
  quota: Quota
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
  /** Throws `too_many_attempts`. The machine itself is not counted: behind a proxy that is not told of, it is everybody. */
  admitSignUp(source: string): Promise<void>
  /** Throws `too_many_attempts`. */
  admitAttempt(source: string): Promise<void>
  /** A code or link is asked for. Throws `too_many_attempts`, whether or not anybody has that name. */
  admitSending(sending: { to: string; source: string }): Promise<void>
  /** False where that address has got enough, or text messages have: then nothing goes out. */
  mayReach(message: Pick<Message, 'channel' | 'to'>): Promise<boolean>
  /** Whoever has just made an account has proved it, from where they are. */
  welcome(tx: Aggregates, new_: { names: readonly string[]; source: string }): Promise<void>
}

export function createThrottle(given: { store: Store; clock: Clock; masterKey: MasterKey; smsPerDayMax: number }): Throttle {
  const { store, clock, masterKey, smsPerDayMax } = given
  const smsBucket = { burst: smsPerDayMax, leakMilliseconds: Math.ceil(dayMilliseconds / smsPerDayMax) }
  const secret = masterKey.for('throttle')
  // Names and addresses are kept as codes: the table is no list of who tried to sign in.
  const keyOf = (kind: string, ...parts: string[]): string =>
    `${kind}:${createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')}`
  const tooMany = (milliseconds: number) => {
    const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1000))
    const quota: Quota = { policy: 'sign-in', limit: freeFailures, remaining: 0, resetSeconds: retryAfterSeconds }
    return new Problem('too_many_attempts', {
      retryAfterSeconds,
      detail: `Too many attempts; try again in ${retryAfterSeconds} s`,
      extensions: { quota },
    })
  }

  type Bucket = { burst: number; leakMilliseconds: number }
  const pour = async (key: string, bucket: Bucket) => (await store.throttles.pour({ key, now: clock.now(), ...bucket })) !== undefined
  const admitTo = async (key: string, bucket: Bucket): Promise<void> => {
    if (!(await pour(key, bucket))) throw tooMany(await waitOf(store, key, clock.now(), bucket))
  }

  return {
    async admitSignIn({ name, source }) {
      const now = clock.now()
      const pairKey = keyOf('pair', name, source)
      const accountKey = keyOf('account', name)
      const sourceKey = keyOf('source', source)
      const state = await store.transaction(async (tx) => {
        if (!(await tx.throttles.pour({ key: sourceKey, now, ...sourceBucket })))
          throw tooMany(await waitOf(tx, sourceKey, now, sourceBucket))
        const account = await tx.throttles.find(accountKey)
        const underAttack = account !== undefined && account.freeAt - now > (accountBucket.burst - 1) * accountBucket.leakMilliseconds
        const strangersFreeFailures = underAttack ? freeFailuresUnderAttack : freeFailures
        const place = await tx.throttles.take({ key: pairKey, now, freeFailures, strangersFreeFailures, inFlightWhenProved })
        if (!place) throw tooMany(((await tx.throttles.find(pairKey))?.freeAt ?? now) - now)
        return { ...place, allowed: place.provedAt === null ? strangersFreeFailures : freeFailures }
      })
      const remaining = Math.max(0, state.allowed - state.failures - 1)
      return {
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

    async admitSignUp(source) {
      if (!isLoopback(source)) await admitTo(keyOf('sign-up', source), signUpBucket)
    },
    async admitAttempt(source) {
      if (!isLoopback(source)) await admitTo(keyOf('attempt', source), attemptBucket)
    },
    async admitSending({ to, source }) {
      if (!isLoopback(source)) await admitTo(keyOf('sending-source', source), sendingSourceBucket)
      await admitTo(keyOf('sending', to, source), sendingBucket)
    },
    async mayReach({ channel, to }) {
      if (!(await pour(keyOf('address', to), addressBucket))) return false
      if (channel !== 'sms') return true
      return (await pour(keyOf('prefix', to.slice(0, prefixLength)), prefixBucket)) && (await pour(keyOf('sms'), smsBucket))
    },
  }
}

async function waitOf(
  tx: Pick<Aggregates, 'throttles'>,
  key: string,
  now: number,
  { burst, leakMilliseconds }: typeof sourceBucket,
): Promise<number> {
  const bucket = await tx.throttles.find(key)
  return bucket ? bucket.freeAt - now - (burst - 1) * leakMilliseconds : leakMilliseconds
}

const isLoopback = (source: string): boolean => source.startsWith('127.') || source === '::1'
