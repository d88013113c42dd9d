import type { Connection } from '../domain/connection.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from '../engine/engine.ts'
import type { CommandInput } from './command.ts'

/** The connection of the first argument. Throws `not_found`. */
export async function connectionNamed(
  { store }: Engine,
  { arguments: [slug = ''] }: CommandInput,
): Promise<Connection> {
  const connection = await store.connections.findBySlug(slug)
  if (!connection) throw new Problem('not_found', { detail: `there is no connection ${slug}` })
  return connection
}
