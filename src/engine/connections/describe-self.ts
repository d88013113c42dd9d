import { Problem } from '../../domain/problem.ts'
import type { ConnectionNeeds } from './needs.ts'
import { callOf, kindOf } from './upstreams.ts'

/** What the provider of a connection is told of this server, as XML. Throws `not_found`. */
export async function describeSelf(engine: ConnectionNeeds, slug: string): Promise<string> {
  const connection = await engine.store.connections.findBySlug(slug)
  const describe = connection && kindOf(engine, connection).describeSelf
  if (!connection || !describe) throw new Problem('not_found')
  return describe(callOf(engine, connection, engine.clock.now()))
}
