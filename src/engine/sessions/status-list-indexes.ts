import { type StatusClass, statusOf } from '../../domain/status.ts'
import type { Store } from '../../store/store.ts'

// A node reserves many at once, so that a sign-in or token costs no extra write; those lost in a crash are
// never used.
const leased: Readonly<Record<StatusClass, number>> = { session: 64, token: 16_384 }
/** As the database counts them. */
const sequenceNames: Readonly<Record<StatusClass, string>> = {
  session: 'status/family',
  token: 'status/token',
}

/** Gives every session, grant and token its own index in the status lists. */
export interface StatusNumbers {
  /** Not inside a transaction. Throws `database_unavailable`. */
  next(kind: StatusClass): Promise<string>
}

export function createStatusNumbers(store: Pick<Store, 'sequences'>): StatusNumbers {
  const numbers = { session: leases(store, 'session'), token: leases(store, 'token') }
  return { next: async (kind) => statusOf(kind, await numbers[kind]()) }
}

function leases({ sequences }: Pick<Store, 'sequences'>, kind: StatusClass): () => Promise<number> {
  let [next, end] = [0, 0]
  let leasing: Promise<void> | undefined

  async function lease(): Promise<void> {
    next = await sequences.take({ name: sequenceNames[kind], count: leased[kind] })
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
