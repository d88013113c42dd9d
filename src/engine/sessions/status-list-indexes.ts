import { type StatusClass, statusOf } from '../../domain/status.ts'
import type { Store } from '../../store/store.ts'

// A node takes many at once, so that a sign-in or a token costs no write of its own; what a crash leaves
// unused is never used.
const leased: Readonly<Record<StatusClass, number>> = { family: 64, token: 16_384 }

/** Gives every session, grant and token its own place in the status lists. */
export interface StatusNumbers {
  /** Not inside a transaction. Throws `database_unavailable`. */
  next(kind: StatusClass): Promise<string>
}

export function createStatusNumbers(store: Pick<Store, 'counters'>): StatusNumbers {
  const numbers = { family: leases(store, 'family'), token: leases(store, 'token') }
  return { next: async (kind) => statusOf(kind, await numbers[kind]()) }
}

function leases({ counters }: Pick<Store, 'counters'>, kind: StatusClass): () => Promise<number> {
  let [next, end] = [0, 0]
  let leasing: Promise<void> | undefined

  async function lease(): Promise<void> {
    next = await counters.take({ name: `status/${kind}`, count: leased[kind] })
    end = next + leased[kind]
  }

  return async () => {
    while (next >= end) {
      leasing ??= lease().finally(() => {
        leasing = undefined
      })
      await leasing
    }
    return next++
  }
}
