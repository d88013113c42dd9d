import { setTimeout as wait } from 'node:timers/promises'
import { daysToMilliseconds } from '../../domain/clock.ts'
import { inBatches } from '../../store/purge.ts'
import { tendSigningKeys } from '../keys/rotate-keys.ts'
import { checkDirectories } from '../organisations/check-directory.ts'
import { recheckDomains } from '../organisations/domains.ts'
import { warnOfExpiry } from '../organisations/expiring-secrets.ts'
import { feedPollMilliseconds } from '../sessions/revocation-feed.ts'
import type { OperationsNeeds } from './needs.ts'

const sealMilliseconds = 1_000
const keysMilliseconds = 5_000
const logoutMilliseconds = 1_000
const domainsMilliseconds = 600_000
const directoriesMilliseconds = 60_000 // each is asked every quarter of an hour, by one node
const expiryMilliseconds = 600_000
const purgeMilliseconds = 3_600_000
const stopMillisecondsMax = 3_000
const attemptDays = 90 // long enough to rehearse a changed policy against a quarter
const outboxDays = 7
const throttleDays = 1
const provedDays = 60 // how long a source stays known to an account it has signed in to

export interface Background {
  /** Settles when the last task has ended. */
  stop(): Promise<void>
}

/**
 * Background jobs: reading revocations of other nodes, chaining the audit log, rotating keys, purging expired
 * rows.
 */
export function startBackground(
  engine: OperationsNeeds,
  { tellClients }: { tellClients(): Promise<void> },
): Background {
  const tasks = [
    every(engine, 'revocations', feedPollMilliseconds, () => engine.revocations.poll()),
    every(engine, 'audit', sealMilliseconds, () => engine.audit.seal()),
    every(engine, 'keys', keysMilliseconds, () => tendSigningKeys(engine)),
    every(engine, 'back-channel logout', logoutMilliseconds, tellClients),
    every(engine, 'domains', domainsMilliseconds, () => recheckDomains(engine)),
    every(engine, 'expiry', expiryMilliseconds, async () =>
      engine.observe.secretsExpiring(await warnOfExpiry(engine)),
    ),
    every(engine, 'directories', directoriesMilliseconds, () => checkDirectories(engine)),
    every(engine, 'purge', purgeMilliseconds, () => purge(engine)),
  ]
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()))
    },
  }
}

function every(
  engine: OperationsNeeds,
  name: string,
  milliseconds: number,
  work: () => Promise<unknown>,
): Background {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = work()
        .then(
          () => undefined,
          (error) => engine.observe.backgroundFailure(name, error),
        )
        .finally(() => stopped || schedule())
    }, milliseconds).unref()
  }
  schedule()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      // Long tasks, such as a purge, continue after the next start.
      return Promise.race([running, wait(stopMillisecondsMax, undefined, { ref: false })])
    },
  }
}

/** Once an hour: purges expired rows in batches. */
export async function purge({ store, clock, settings, audit }: OperationsNeeds): Promise<void> {
  const now = clock.now()
  await inBatches((rows) => store.transaction((tx) => tx.sessions.purgeBatch({ now, rows })))
  await store.revocations.purge(now)
  await store.artifacts.purge(now)
  await store.grants.purge(now)
  await store.attempts.purge({
    before: now - daysToMilliseconds(attemptDays),
    emptyBefore: now - daysToMilliseconds(1),
  })
  await store.outbox.purge(now - daysToMilliseconds(outboxDays))
  await store.tickets.purge(now - daysToMilliseconds(1))
  if (settings.auditDays !== null) await audit.trim(now - daysToMilliseconds(settings.auditDays))
  await store.throttles.purge({
    before: now - daysToMilliseconds(throttleDays),
    provedBefore: now - daysToMilliseconds(provedDays),
  })
}
