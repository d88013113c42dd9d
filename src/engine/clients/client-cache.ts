import type { Client } from '../../domain/client.ts'
import type { Store } from '../../store/store.ts'

// The same as the propagation time of revocations.
const keptMilliseconds = 500
const clientsMax = 1000

/** A short-lived cache of clients: every request of the provider names one. */
export interface ClientCache {
  find(id: string): Promise<Client | undefined>
  /** Takes effect on this node at once; on others when their entry expires. */
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
