import { setImmediate as yieldToRequests } from 'node:timers/promises'
import type { Clock } from '../../domain/clock.ts'
import { readStatus } from '../../domain/status.ts'
import type { Revocation, RevocationCursor } from '../../store/queries/revocations.ts'
import type { Store } from '../../store/store.ts'

// A revocation reaches every node within a second: the feed is read four times a second, and trusted for one.
export const feedPollMilliseconds = 250
const staleAfterMilliseconds = 900
// Transactions commit out of order, and nodes notice a clock change one after the other: each read goes back
// this far.
const overlapMilliseconds = 30_000
const jumpKnownMilliseconds = 60_000
const revocationsPerPage = 1000

/** The revoked access tokens, in memory on every node: by session, grant or token. */
export interface RevocationFeed {
  /** `subject`: a token's `sid`, or its `jti` if it has none. */
  isRevoked(subject: string): boolean
  /** The revoked indexes of one status list, and a version that grows with each change. */
  inList(list: string): { indexes: readonly number[]; version: number }
  /** At once on this node; the others read it from the database. */
  add(revocation: Revocation): void
  /** When it settles, everything committed before the call is known. */
  poll(): Promise<void>
  /**
   * Undefined if the known revocations are fresh; otherwise a promise that rejects if the database cannot be
   * read.
   */
  freshen(): Promise<void> | undefined
}

export function createRevocationFeed({ store, clock }: { store: Store; clock: Clock }): RevocationFeed {
  const revoked = new Map<string, Revocation>()
  const lists = new Map<string, Set<number>>()
  let version = 0
  // on the monotonic clock: how old the knowledge is has nothing to do with the time of day
  let readAt = -Infinity
  let readings: { at: number; now: number }[] = []
  let reading: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function read(): Promise<void> {
    const startedAt = performance.now()
    const now = clock.now()
    const since =
      readAt === -Infinity ? 0 : earliest(startedAt, now) - overlapMilliseconds - (startedAt - readAt)
    await readSince(Math.floor(since))
    readAt = startedAt
    for (const revocation of revoked.values()) if (revocation.revocationExpiresAt < now) forget(revocation)
  }

  /** Page by page, so that requests are answered meanwhile. */
  async function readSince(since: number): Promise<void> {
    let after: RevocationCursor = { revokedAt: since, subject: '' }
    for (let page: (Revocation & RevocationCursor)[] = []; ; ) {
      page = await store.revocations.list({ after, limit: revocationsPerPage })
      for (const { subject, status, revocationExpiresAt } of page)
        add({ subject, status, revocationExpiresAt })
      if (page.length < revocationsPerPage) return
      after = page.at(-1) as RevocationCursor
      await yieldToRequests()
    }
  }

  /** The earliest time of the last minute's reads: the clock may have been changed meanwhile. */
  function earliest(at: number, now: number): number {
    readings = [...readings.filter((reading) => at - reading.at < jumpKnownMilliseconds), { at, now }]
    return Math.min(...readings.map((reading) => reading.now + (at - reading.at)))
  }

  function add(revocation: Revocation): void {
    if (revoked.has(revocation.subject)) return
    revoked.set(revocation.subject, revocation)
    if (revocation.status === null) return
    const { list, index } = readStatus(revocation.status)
    const indexes = lists.get(list) ?? new Set()
    lists.set(list, indexes.add(index))
    version++
  }

  function forget({ subject, status }: Revocation): void {
    revoked.delete(subject)
    if (status === null) return
    const { list, index } = readStatus(status)
    lists.get(list)?.delete(index)
    version++
  }

  // A read that has begun may miss what the caller just committed: callers wait for the next one.
  function poll(): Promise<void> {
    if (!reading) {
      reading = read().finally(() => {
        reading = undefined
      })
      return reading
    }
    next ??= reading
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return poll()
      })
    return next
  }

  return {
    isRevoked: (subject) => revoked.has(subject),
    inList: (list) => ({ indexes: [...(lists.get(list) ?? [])], version }),
    add,
    poll,
    freshen: () => (performance.now() - readAt > staleAfterMilliseconds ? poll() : undefined),
  }
}
