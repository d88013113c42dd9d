import type { MasterKey } from '../../crypto/master-key.ts'
import type { Clock } from '../../domain/clock.ts'
import { isLoopback } from '../../domain/loopback.ts'
import type { Message } from '../../domain/message.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import { createBuckets } from './buckets.ts'
import { type Bucket, createThrottleKeys } from './leaky-bucket.ts'
import { limits, smsReservedPercent } from './limits.ts'

const dayMilliseconds = 86_400_000
/** The polling interval of a device; it grows by as much each time the device polls too soon. */
const pollMilliseconds = 5_000
const pollSlackMilliseconds = 500 // network latency
const pollsTooSoonMax = 6
const noteBucket: Bucket = { burst: 1, leakMilliseconds: 60_000 }
const prefixLength = 8

export interface Guess {
  /** Account and method. */
  target: string
  /** Known to the account; null for strangers. */
  place: string | null
}

export interface Confirmation {
  accountId: string
  value: string
  /** The account has it already, unverified: others do not share its limit. */
  isOwn: boolean
}

/** Rate limits of what costs something. Counted in the database, for all nodes together. */
export interface RateLimits {
  /** Throws `too_many_attempts`. Loopback is not counted: behind an unconfigured proxy it is every client. */
  admitSignUp(source: string): Promise<void>
  /** Throws `too_many_attempts`. */
  admitAttempt(source: string): Promise<void>
  /** A row is stored for an anonymous user. Throws `too_many_attempts`. */
  admitAnonymous(source: string): Promise<void>
  /** A device's code is typed in. Throws `too_many_attempts`. */
  admitDeviceCode(source: string): Promise<void>
  /** An invalid API key was presented. Throws `too_many_attempts`. */
  admitWrongKey(source: string): Promise<void>
  /** A code or link is requested. Throws `too_many_attempts`, whether or not an account has that name. */
  admitSending(sending: { to: string; source: string }): Promise<void>
  /**
   * False when the limit of the address, or of text messages, is reached: nothing is sent. Decoys cost the
   * same but are not counted. `place`: a known place with a limit of its own; null for strangers. `tx`: the
   * caller's transaction, where it is in one.
   */
  mayReach(
    message: Pick<Message, 'channel' | 'to'>,
    asked: { place: string | null; decoy?: boolean; tx?: Some<'throttles'> },
  ): Promise<boolean>
  /**
   * False when an account's short codes were guessed too often from unknown places, or from this known one.
   */
  mayGuess(guess: Guess): Promise<boolean>
  countGuess(tx: Some<'throttles'>, guess: Guess): Promise<void>
  /**
   * A code that confirms an address is looked at. Throws `too_many_attempts`, whether it is right or wrong.
   */
  admitConfirmation(confirmation: Confirmation): Promise<void>
  countWrongConfirmation(confirmation: Confirmation): Promise<void>
  /**
   * False if a device asks for its code again too soon; it has to wait longer from then on (RFC 8628
   * §3.5).
   */
  mayPoll(deviceCode: string): Promise<boolean>
  /** False if the same thing was noted less than a minute ago. */
  mayNote(what: string): Promise<boolean>
}

export function createRateLimits(given: {
  store: StoreOf<'throttles'>
  clock: Clock
  masterKey: MasterKey
  smsPerDayMax: number
}): RateLimits {
  const { store, clock, masterKey, smsPerDayMax } = given
  const keyOf = createThrottleKeys(masterKey)
  const daily = (count: number): Bucket => ({
    burst: count,
    leakMilliseconds: Math.ceil(dayMilliseconds / count),
  })
  const smsReserved = Math.floor((smsPerDayMax * smsReservedPercent) / 100)
  const smsBucket = daily(smsPerDayMax - smsReserved)
  const { pour, admitTo, hasRoom, refuseFull } = createBuckets({ store, clock })
  const guessKey = ({ target, place }: Guess): string =>
    place === null ? keyOf('guess', target) : keyOf('guess', target, place)
  const confirmationBuckets = ({ accountId, value, isOwn }: Confirmation): (readonly [string, Bucket])[] => [
    [keyOf('confirmation', accountId, value), limits.confirmation],
    ...(isOwn ? [] : [[keyOf('confirmed-address', value), limits.confirmedAddress] as const]),
  ]

  return {
    async admitSignUp(source) {
      if (!isLoopback(source)) await admitTo(keyOf('sign-up', source), limits.signUp)
    },
    async admitAttempt(source) {
      if (!isLoopback(source)) await admitTo(keyOf('attempt', source), limits.attempt)
    },
    admitAnonymous: (source) =>
      admitTo(
        keyOf('anonymous', source),
        isLoopback(source) ? limits.anonymousPageHere : limits.anonymousPage,
      ),
    admitWrongKey: (source) => admitTo(keyOf('wrong-key', source), limits.wrongKey),
    admitDeviceCode: (source) => admitTo(keyOf('device-code', source), limits.deviceCode),
    async admitSending({ to, source }) {
      if (!isLoopback(source)) await admitTo(keyOf('sending-source', source), limits.sendingSource)
      await admitTo(keyOf('sending', to, source), limits.sending)
    },
    async mayReach({ channel, to }, { place, decoy, tx = store }) {
      const pourHere = (key: string, bucket: Bucket) => pour(key, bucket, tx)
      const of = (what: string) => (decoy ? `decoy-${what}` : what)
      if (place !== null) {
        if (!(await pourHere(keyOf(of('known-address'), to, place), limits.knownAddress))) return false
        if (channel !== 'sms') return true
        return (
          (smsReserved > 0 && (await pourHere(keyOf(of('known-sms')), daily(smsReserved)))) ||
          pourHere(keyOf(of('sms')), smsBucket)
        )
      }
      if (!(await pourHere(keyOf(of('address'), to), limits.address))) return false
      if (channel !== 'sms') return true
      return (
        (await pourHere(keyOf(of('prefix'), to.slice(0, prefixLength)), limits.smsPrefix)) &&
        (await pourHere(keyOf(of('sms')), smsBucket))
      )
    },
    mayGuess: (guess) => hasRoom(guessKey(guess), limits.shortCode),
    async countGuess(tx, guess) {
      await tx.throttles.consume({ key: guessKey(guess), now: clock.now(), ...limits.shortCode })
    },
    async admitConfirmation(confirmation) {
      for (const [key, bucket] of confirmationBuckets(confirmation))
        if (!(await hasRoom(key, bucket))) await refuseFull(key, bucket)
    },
    async countWrongConfirmation(confirmation) {
      for (const [key, bucket] of confirmationBuckets(confirmation)) await pour(key, bucket)
    },
    async mayPoll(deviceCode) {
      const key = keyOf('device-poll', deviceCode)
      const tooSoon = Math.min((await store.throttles.find(key))?.failures ?? 0, pollsTooSoonMax)
      const leakMilliseconds = (tooSoon + 1) * pollMilliseconds - pollSlackMilliseconds
      if (await pour(key, { burst: 1, leakMilliseconds })) return true
      // added to the remaining wait
      await pour(key, { burst: pollsTooSoonMax, leakMilliseconds: pollMilliseconds })
      await store.throttles.settleFailure({
        key,
        now: clock.now(),
        freeFailures: Number.MAX_SAFE_INTEGER,
        delayMillisecondsMax: 0,
      })
      return false
    },
    mayNote: (what) => pour(keyOf('note', what), noteBucket),
  }
}
