import { isSealed } from '../../crypto/seal.ts'
import type { CredentialId } from '../../domain/id.ts'
import type { Sealing } from '../../domain/importing.ts'

const sealedMark = '$sealed'
const connectionMark = '$connection'

interface Names {
  id: CredentialId
  sealing: Sealing
  /** Slugs by id, or ids by slug. */
  connections: ReadonlyMap<string, string>
}

/**
 * A credential's data for another installation: what is sealed is opened, and connections go by their slugs.
 */
export function toPortable(value: unknown, names: Names): unknown {
  if (typeof value === 'string') {
    if (isSealed(value)) return { [sealedMark]: names.sealing.open(value, names.id) }
    const slug = names.connections.get(value)
    return slug === undefined ? value : { [connectionMark]: slug }
  }
  return mapParts(value, (part) => toPortable(part, names))
}

/** The way back; undefined where a connection is not there. */
export function fromPortable(value: unknown, names: Names): unknown {
  if (typeof value === 'object' && value !== null) {
    const { [sealedMark]: sealed, [connectionMark]: slug } = value as Record<string, unknown>
    if (typeof sealed === 'string') return names.sealing.seal(sealed, names.id)
    if (typeof slug === 'string') return names.connections.get(slug)
  }
  return mapParts(value, (part) => fromPortable(part, names))
}

function mapParts(value: unknown, map: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]))
}
