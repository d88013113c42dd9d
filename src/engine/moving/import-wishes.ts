import type { Connection } from '../../domain/connection.ts'
import type { ImportRequest, MovingNeeds } from './needs.ts'

/** What the operator asks for beside the file. */
export type ImportWishes = Pick<
  ImportRequest,
  'organisation' | 'connections' | 'joins' | 'keepsRoles' | 'asksOldSystem'
>

/** The same as it goes into a fingerprint. */
export const wishesKey = ({ organisation, connections, joins, keepsRoles, asksOldSystem }: ImportWishes) => ({
  ...{ organisation: organisation?.id ?? null, joins, keepsRoles },
  ...(asksOldSystem && { asksOldSystem }),
  connections: [...connections].map(([name, { id }]) => [name, id]),
})

const connectionsMax = 500

/** All connections; a provider of the same name is that one, unless it is said otherwise. */
export async function connectionsBySlug(
  engine: Pick<MovingNeeds, 'store'>,
): Promise<Map<string, Connection>> {
  const connections = await engine.store.connections.list({ after: null, limit: connectionsMax })
  return new Map(connections.map((connection) => [connection.slug, connection]))
}
