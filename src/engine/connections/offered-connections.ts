import type { Connection, ConnectionUse } from '../../domain/connection.ts'
import type { Store } from '../../store/store.ts'

// The same as the propagation time of revocations.
const keptMilliseconds = 500
/** More are not offered on a page. */
export const offeredMax = 8

/** The connections that are offered; kept for half a second, since every sign-in page shows them. */
export interface OfferedConnections {
  list(use: ConnectionUse): Promise<readonly Connection[]>
  /** After a change on this node. */
  forget(): void
}

export function createOfferedConnections({ connections }: Pick<Store, 'connections'>): OfferedConnections {
  const known = new Map<ConnectionUse, { at: number; found: Promise<readonly Connection[]> }>()
  return {
    list(use) {
      const now = performance.now()
      const entry = known.get(use)
      if (entry && now - entry.at < keptMilliseconds) return entry.found
      const found = connections.listOffered({ use, limit: offeredMax })
      known.set(use, { at: now, found })
      found.catch(() => known.delete(use))
      return found
    },
    forget: () => known.clear(),
  }
}
