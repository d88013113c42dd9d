import type { Clock } from '../domain/clock.ts'
import type { SessionId } from '../domain/id.ts'
import type { Store } from '../store/store.ts'

// A revocation must reach every node within a second: the feed is read four times in that, and what it says is trusted no longer.
export const feedPollMilliseconds = 250
const staleAfterMilliseconds = 900
// Nodes' clocks differ and transactions commit out of order; each read looks this far back again.
const overlapMilliseconds = 30_000

/** Which sessions' access tokens are no longer good, in memory, on every node. */
export interface RevocationFeed {
  isRevoked(id: SessionId): boolean
  /** At once on this node; the others read it from the database. */
  add(id: SessionId, forgetAt: number): void
  /** Once it settles, all that was committed before the call is known. */
  poll(): Promise<void>
  /** Undefined where what is known is fresh; otherwise a promise that rejects where the database cannot be asked. */
  freshen(): Promise<void> | undefined
}

export function createRevocationFeed({ store, clock }: { store: Store; clock: Clock }): RevocationFeed {
  const revoked = new Map<SessionId, number>()
  let readAt = -Infinity // on the monotonic clock: how old the knowledge is has nothing to do with the time of day
  let reading: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function read(): Promise<void> {
    const startedAt = performance.now()
    const since = readAt === -Infinity ? 0 : clock.now() - overlapMilliseconds - (startedAt - readAt)
    for (const { sessionId, forgetAt } of await store.sessions.revokedSince(Math.floor(since))) add(sessionId, forgetAt)
    readAt = startedAt
    const now = clock.now()
    for (const [id, forgetAt] of revoked) if (forgetAt < now) revoked.delete(id)
  }

  function add(id: SessionId, forgetAt: number): void {
    revoked.set(id, forgetAt)
  }

  // A read that has begun may have missed what the caller has just committed: who comes meanwhile waits for the one after it.
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
    isRevoked: (id) => revoked.has(id),
    add,
    poll,
    freshen: () => (performance.now() - readAt > staleAfterMilliseconds ? poll() : undefined),
  }
}
