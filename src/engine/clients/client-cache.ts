import type { Client } from '../../domain/client.ts'
import type { Store } from '../../store/store.ts'

// As short as the time in which nodes hear of anything else.
const keptMilliseconds = 500
const clientsMax = 1000

/** Clients as of a moment ago: every call of theirs names one. */
export interface ClientCache {
  find(id: string): Promise<Client | undefined>
  /** At once on this node; the others notice by themselves. */
  forget(id: string): void
}

export function createClientCache({ clients }: Pick<Store, 'clients'>): ClientCache {
  const known = new Map<string, { client: Client; readAt: number }>()

  return {
    async find(id) {
      const entry = known.get(id)
      if (entry && performance.now() - entry.readAt < keptMilliseconds) return entry.client
      const readAt = performance.now()
      const client = await clients.find(id)
      known.delete(id)
      if (known.size >= clientsMax) known.clear()
      if (client) known.set(id, { client, readAt })
      return client
    },
    forget(id) {
      known.delete(id)
    },
  }
}
