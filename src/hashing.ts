import { availableParallelism } from 'node:os'
import type { Argon2Cost } from './crypto/password-hash/argon2.ts'
import type { HashQueue } from './crypto/password-hash/hash-queue.ts'
import { createPasswordHash } from './crypto/password-hash/password-hash.ts'
import { type AskOldSystem, createAskOldSystem } from './delivery/old-system.ts'
import { isAskedHash, readAskedHash } from './domain/asked-hash.ts'
import type { Clock } from './domain/clock.ts'
import type { Random } from './domain/random.ts'
import type { HashingFor } from './engine/method-host.ts'
import { createUpstreamFetch } from './federation/upstream-fetch.ts'
import { type Settings, SettingsError } from './settings/read.ts'

interface Given {
  settings: Settings
  passwordCost?: Argon2Cost
  log: { warn(fields: object, message: string): void }
}

interface Parts {
  queue: HashQueue
  random: Random
  clock: Clock
  /** Told how long a check took that is no ordinary one, in milliseconds. */
  observe(milliseconds: number): void
}

/** How passwords are hashed and checked: here, or by the system from which their users came. */
export function hashingFor(given: Given, parts: Parts): HashingFor {
  const { queue, random, observe } = parts
  const passwords = createPasswordHash(random, given.passwordCost, observe)
  const ask = oldSystemOf(given, parts)
  return (source) => ({
    hash: (password) => queue.run(source, () => passwords.hash(password)),
    async verify(password, hash, secret) {
      if (!isAskedHash(hash)) return queue.run(source, () => passwords.verify(password, hash, secret))
      // Not in the queue: it waits for another machine.
      const user = readAskedHash(hash)
      return user && (await ask?.(user, password)) ? 'outdated' : 'wrong'
    },
    verifyDecoy: (password) => queue.run(source, () => passwords.verifyDecoy(password)),
  })
}

/** Undefined where it is not set up, as by default. Throws SettingsError. */
function oldSystemOf({ settings: { server }, log }: Given, parts: Parts): AskOldSystem | undefined {
  const { oldSystemUrl: url, oldSystemSecret: secret } = server
  if (url === undefined) return undefined
  if (secret === undefined) throw new SettingsError(['SUMUN_OLD_SYSTEM_URL needs SUMUN_OLD_SYSTEM_SECRET'])
  const failed = (err: Error): void =>
    log.warn({ event: 'old_system.failed', err }, 'the old system did not say whether a password is right')
  const [request, now] = [createUpstreamFetch({ network: 'any' }), () => parts.clock.now()]
  try {
    return createAskOldSystem({ url, secret, request, ...parts, now, failed })
  } catch (error) {
    throw new SettingsError([`SUMUN_OLD_SYSTEM_SECRET: ${(error as Error).message}`])
  }
}

/**
 * Two more than there are cores: they wait in the pool, so that no core is idle until the main thread submits
 * the next.
 */
export const hashesAtOnce = (workers: number): number =>
  Math.max(1, Math.floor(availableParallelism() / workers)) + 2
