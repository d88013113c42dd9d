import type { MasterKey } from '../crypto/master-key.ts'
import type { Clock } from '../domain/clock.ts'
import type { Message } from '../domain/message.ts'
import type { Aggregates, Store } from '../store/store.ts'
import { type Bucket, createThrottleKeys, tooManyAttempts, waitOf } from './throttle-bucket.ts'

/** New accounts from one source: three hundred, then one every twelve seconds. */
const signUpBucket = { burst: 300, leakMilliseconds: 12_000 }

/** Attempts begun from one source: a thousand, then one a second. */
const attemptBucket = { burst: 1000, leakMilliseconds: 1_000 }
/** Codes of devices typed in from one source, right or wrong (RFC 8628 §5.1). */
const deviceCodeBucket = { burst: 50, leakMilliseconds: 20_000 }
/** Wrong short codes for one account and method, from everywhere: a hundred, then one in a quarter of an hour. */
const guessBucket = { burst: 100, leakMilliseconds: 900_000 }
/** Codes and links asked for, for one name from one source, and from one source for any name. */
const sendingBucket = { burst: 5, leakMilliseconds: 600_000 }
const sendingSourceBucket = { burst: 60, leakMilliseconds: 60_000 }
/** What one address or number gets, whoever asks: past that, nothing goes out, and nobody is told. */
const addressBucket = { burst: 20, leakMilliseconds: 600_000 }
/** Text messages cost money: to one range of numbers (its first seven digits), whoever asks. All of them are limited by a setting. */
const prefixBucket = { burst: 200, leakMilliseconds: 60_000 }
const prefixLength = 8
const noteBucket = { burst: 1, leakMilliseconds: 60_000 }
const dayMilliseconds = 86_400_000

/** How much of what costs something anybody gets. Counted in the database, so that all nodes count together. */
export interface Rations {
  /** Throws `too_many_attempts`. The machine itself is not counted: behind a proxy that is not told of, it is everybody. */
  admitSignUp(source: string): Promise<void>
  /** Throws `too_many_attempts`. */
  admitAttempt(source: string): Promise<void>
  /** A device's code is typed in. Throws `too_many_attempts`. */
  admitDeviceCode(source: string): Promise<void>
  /** A code or link is asked for. Throws `too_many_attempts`, whether or not anybody has that name. */
  admitSending(sending: { to: string; source: string }): Promise<void>
  /** False where that address has got enough, or text messages have: then nothing goes out. A decoy costs as much, and nobody's ration. */
  mayReach(message: Pick<Message, 'channel' | 'to'>, kind?: 'decoy'): Promise<boolean>
  /** False where an account's short codes were guessed at too often, from wherever it was; a known place may go on. */
  mayGuess(key: string): Promise<boolean>
  countGuess(tx: Aggregates, key: string): Promise<void>
  /** False where the same thing was noted less than a minute ago. */
  mayNote(what: string): Promise<boolean>
}

export function createRations(given: { store: Store; clock: Clock; masterKey: MasterKey; smsPerDayMax: number }): Rations {
  const { store, clock, masterKey, smsPerDayMax } = given
  const keyOf = createThrottleKeys(masterKey)
  const smsBucket = { burst: smsPerDayMax, leakMilliseconds: Math.ceil(dayMilliseconds / smsPerDayMax) }
  const pour = async (key: string, bucket: Bucket) => (await store.throttles.pour({ key, now: clock.now(), ...bucket })) !== undefined
  const admitTo = async (key: string, bucket: Bucket): Promise<void> => {
    if (!(await pour(key, bucket))) throw tooManyAttempts(await waitOf(store, key, { now: clock.now(), ...bucket }))
  }

  return {
    async admitSignUp(source) {
      if (!isLoopback(source)) await admitTo(keyOf('sign-up', source), signUpBucket)
    },
    async admitAttempt(source) {
      if (!isLoopback(source)) await admitTo(keyOf('attempt', source), attemptBucket)
    },
    admitDeviceCode: (source) => admitTo(keyOf('device-code', source), deviceCodeBucket),
    async admitSending({ to, source }) {
      if (!isLoopback(source)) await admitTo(keyOf('sending-source', source), sendingSourceBucket)
      await admitTo(keyOf('sending', to, source), sendingBucket)
    },
    async mayReach({ channel, to }, kind) {
      const of = (what: string) => (kind === 'decoy' ? `decoy-${what}` : what)
      if (!(await pour(keyOf(of('address'), to), addressBucket))) return false
      if (channel !== 'sms') return true
      return (await pour(keyOf(of('prefix'), to.slice(0, prefixLength)), prefixBucket)) && (await pour(keyOf(of('sms')), smsBucket))
    },
    async mayGuess(target) {
      const bucket = await store.throttles.find(keyOf('guess', target))
      return bucket === undefined || bucket.freeAt - clock.now() <= (guessBucket.burst - 1) * guessBucket.leakMilliseconds
    },
    async countGuess(tx, target) {
      await tx.throttles.pour({ key: keyOf('guess', target), now: clock.now(), ...guessBucket })
    },
    mayNote: (what) => pour(keyOf('note', what), noteBucket),
  }
}

const isLoopback = (source: string): boolean => source.startsWith('127.') || source === '::1'
