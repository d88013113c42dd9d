import type { MasterKey } from '../../crypto/master-key.ts'
import type { Clock } from '../../domain/clock.ts'
import type { ThrottleState } from '../../store/queries/throttles.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import { createThrottleKeys, type Quota, tooManyAttempts, waitOf } from './leaky-bucket.ts'
import { delayMillisecondsMax, freeFailures, freeFailuresUnderAttack, limits } from './limits.ts'
import { createWaitingLine } from './waiting-line.ts'

/** How long a try waits for concurrent tries of the same name, instead of being refused. */
const waitMilliseconds = 5_000
const waitingMax = 256
const pollMilliseconds = 25

const { signInName: accountBucket, signInSource: sourceBucket } = limits

/** An admitted try. Rows are always locked in one order, source before pair, against deadlocks. */
export interface Admission {
  /** Undefined if nothing is counted. */
  quota: Quota | undefined
  /** Failures in a row of this name from this place, before this try. */
  failures: number
  /** Inside the transaction that records the success. */
  succeeded(tx: Some<'throttles'>): Promise<void>
  /** Inside the transaction that records the failure. */
  failed(tx: Some<'throttles'>): Promise<void>
  /** The answer was not checked. */
  abandoned(): Promise<void>
}

/** For what cannot be guessed: not throttled. */
export const freeAdmission: Admission = {
  quota: undefined,
  failures: 0,
  succeeded: async () => undefined,
  failed: async () => undefined,
  abandoned: async () => undefined,
}

/**
 * Counts in the database, so that all nodes count together. Each try reserves a slot before its answer is
 * checked, so concurrent tries gain nothing. No one can lock an owner out: a name is blocked only for the
 * place that failed, and a browser that its owner has used is a place of its own. Unknown names behave alike.
 */
export interface Throttle {
  /**
   * `browser`: the caller's, if the owner has used it; it is then a place of its own. Waits for concurrent
   * tries of the same name. Throws `too_many_attempts`, with the seconds to wait.
   */
  admitSignIn(try_: { name: string; source: string; browser: string | null }): Promise<Admission>
  /** A new account trusts the source that created it. */
  trustKnownSource(tx: Some<'throttles'>, new_: { names: readonly string[]; source: string }): Promise<void>
}

const isUnderAttack = (account: ThrottleState | undefined, now: number): boolean =>
  account !== undefined && account.freeAt - now > (accountBucket.burst - 1) * accountBucket.leakMilliseconds

interface Keys {
  pairKey: string
  accountKey: string
  trustedKey: string
  isKnown: boolean
}

/** Undefined while all slots are taken. */
async function takePlace(
  tx: Some<'throttles'>,
  { pairKey, accountKey, trustedKey, isKnown }: Keys,
  now: number,
) {
  // By the source alone, not by the account: the reply must reveal nothing about the name.
  const isSpared = isKnown || ((await tx.throttles.find(trustedKey))?.provedAt ?? null) !== null
  const allowed =
    !isSpared && isUnderAttack(await tx.throttles.find(accountKey), now)
      ? freeFailuresUnderAttack
      : freeFailures
  const place = await tx.throttles.reserve({ key: pairKey, now, freeFailures: allowed })
  if (place) return { ...place, allowed }
  const { freeAt = now, failures = 0 } = (await tx.throttles.find(pairKey)) ?? {}
  if (freeAt > now || failures >= allowed) throw tooManyAttempts(freeAt - now, allowed)
  return undefined
}

async function takeSource(tx: Some<'throttles'>, key: string, now: number): Promise<void> {
  const bucket = { key, now, ...sourceBucket }
  if (!(await tx.throttles.consume(bucket)))
    throw tooManyAttempts(await waitOf(tx, key, bucket), freeFailures)
}

export function createThrottle({
  store,
  clock,
  masterKey,
}: {
  store: StoreOf<'throttles'>
  clock: Clock
  masterKey: MasterKey
}): Throttle {
  const keyOf = createThrottleKeys(masterKey)
  const line = createWaitingLine({ waitMilliseconds, pollMilliseconds, lengthMax: waitingMax })

  async function waitForPlace(keys: Keys) {
    const place = await line.stand(keys.pairKey, () =>
      store.transaction((tx) => takePlace(tx, keys, clock.now())),
    )
    if (!place) throw tooManyAttempts(waitMilliseconds, freeFailures)
    return place
  }

  return {
    async admitSignIn({ name, source, browser }) {
      const sourceKey = keyOf('source', source)
      const place = browser === null ? [source] : ['browser', browser]
      const [accountKey, pairKey, trustedKey] = [
        keyOf('account', name),
        keyOf('pair', name, ...place),
        keyOf('trusted', source),
      ]
      const keys = { accountKey, pairKey, trustedKey, isKnown: browser !== null }
      const giveBackSource = (tx: Some<'throttles'>) =>
        tx.throttles.refund({ key: sourceKey, ...sourceBucket })
      const first = await store.transaction(async (tx) => {
        const now = clock.now()
        await takeSource(tx, sourceKey, now)
        // no one overtakes the waiting line
        return line.isFormed(pairKey) ? undefined : takePlace(tx, keys, now)
      })
      const state =
        first ??
        (await waitForPlace(keys).catch(async (error: unknown) => {
          await giveBackSource(store)
          throw error
        }))
      const remaining = Math.max(0, state.allowed - state.failures - 1)
      return {
        failures: state.failures,
        quota: {
          policy: 'sign-in',
          limit: state.allowed,
          remaining,
          resetSeconds: Math.ceil(delayMillisecondsMax / 1000),
        },
        async succeeded(tx) {
          const now = clock.now()
          await giveBackSource(tx)
          await tx.throttles.settleSuccess({ key: trustedKey, now })
          await tx.throttles.settleSuccess({ key: pairKey, now })
        },
        async failed(tx) {
          const now = clock.now()
          await tx.throttles.settleFailure({
            key: pairKey,
            now,
            freeFailures: state.allowed,
            delayMillisecondsMax,
          })
          await tx.throttles.consume({ key: accountKey, now, ...accountBucket })
        },
        abandoned: () =>
          store.transaction(async (tx) => {
            await giveBackSource(tx)
            await tx.throttles.release(pairKey)
          }),
      }
    },

    async trustKnownSource(tx, { names, source }) {
      const now = clock.now()
      for (const key of [keyOf('trusted', source), ...names.map((name) => keyOf('pair', name, source))])
        await tx.throttles.settleSuccess({ key, now })
    },
  }
}
