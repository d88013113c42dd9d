import type { Configuration } from 'openid-client'
import type { ConnectionCall } from '../domain/connection.ts'

const keptMilliseconds = 3600 * 1000
const keptMax = 200

/** This server as the client of a provider. Throws what making one throws. */
export type Clients = (call: ConnectionCall) => Promise<Configuration>

/** Keeps clients, with what was discovered, for an hour or until the connection changes. */
export function createClients(create: Clients): Clients {
  const known = new Map<string, { at: number; client: Promise<Configuration> }>()
  return (call) => {
    const { connection } = call
    const key = `${connection.id}/${connection.revision}`
    const now = performance.now()
    const entry = known.get(key)
    if (entry && now - entry.at < keptMilliseconds) return entry.client
    const client = create(call)
    if (known.size >= keptMax) known.clear()
    known.set(key, { at: now, client })
    client.catch(() => known.delete(key))
    return client
  }
}
