import type { Connection } from '../../domain/connection.ts'
import type { MetadataSource } from '../../domain/metadata-source.ts'
import { Problem } from '../../domain/problem.ts'
import { settingsFrom, sourceFor } from './connections.ts'
import type { ConnectionNeeds } from './needs.ts'
import { kindOf } from './upstreams.ts'

/** What would change if metadata counted. */
export interface MetadataChange {
  setting: string
  former: unknown
  next: unknown
}

/**
 * Reads metadata anew, and changes nothing. Without a source: from where it was read before. Throws
 * `invalid_fields` if there is none, or it cannot be read.
 */
export async function metadataChanges(
  engine: ConnectionNeeds,
  { connection, source }: { connection: Connection; source: MetadataSource | undefined },
): Promise<{ source: MetadataSource; changes: MetadataChange[] }> {
  const { settings } = connection
  const { metadata_url: url, entity_id: entityId } = settings as { metadata_url?: string; entity_id?: string }
  const known =
    url === undefined ? undefined : { url, mayBeLarge: true, ...(entityId !== undefined && { entityId }) }
  const named = source ?? known
  if (!named)
    throw new Problem('invalid_fields', { detail: 'metadata: none is known; name its address or its text' })
  const from = sourceFor(connection, named)
  const read = await settingsFrom(kindOf(engine, connection), { source: from, now: engine.clock.now() })
  const changes = Object.entries(read.settings)
    .map(([setting, next]) => ({ setting, former: settings[setting] ?? null, next }))
    .filter(({ former, next }) => JSON.stringify(former) !== JSON.stringify(next))
  return { source: from, changes }
}
