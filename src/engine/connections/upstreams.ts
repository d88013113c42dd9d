import type { Sealer } from '../../crypto/seal.ts'
import {
  type Connection,
  type ConnectionCall,
  type ConnectionKind,
  type ConnectionUse,
  callbackUrl,
  type Federation,
  isOpenFor,
  type OpenUpstream,
} from '../../domain/connection.ts'
import type { ConnectionId } from '../../domain/id.ts'
import type { Locale } from '../../domain/locale.ts'
import { Problem } from '../../domain/problem.ts'
import type { Random } from '../../domain/random.ts'
import type { StoreOf } from '../../store/store.ts'

/** What calling a provider uses. */
export interface UpstreamNeeds {
  store: StoreOf<'connections'>
  settings: { issuer: string }
  sealer: Sealer
  random: Random
  federation: Federation
}

/** The binding of a connection's sealed secret. */
export const connectionBinding = (id: ConnectionId): string => `connection/${id}`

/** How methods reach the connections of their protocol. */
export const createOpenUpstream =
  (engine: UpstreamNeeds, { kind, now }: { kind: string; now: number }): OpenUpstream =>
  async (which, use) => {
    const { connections } = engine.store
    const connection =
      'slug' in which ? await connections.findBySlug(which.slug) : await connections.find(which.id)
    if (connection?.kind !== kind || !isOpenFor(connection, use)) return undefined
    const { authorize, identify } = kindOf(engine, connection)
    const call = callOf(engine, connection, now)
    return {
      connection,
      authorize: (wish) => authorize(call, wish),
      identify: (answer, memory) => identify(call, answer, memory),
    }
  }

/** One that is open for the use, by its slug. Throws `not_found`. */
export async function openConnection(
  { store }: Pick<UpstreamNeeds, 'store'>,
  slug: string,
  use: ConnectionUse,
): Promise<Connection> {
  const connection = await store.connections.findBySlug(slug)
  if (!connection || !isOpenFor(connection, use)) throw new Problem('not_found')
  return connection
}

/** Throws `invalid_fields` if another version made it. */
export function kindOf(
  { federation }: Pick<UpstreamNeeds, 'federation'>,
  { kind }: Pick<Connection, 'kind'>,
): ConnectionKind {
  const found = federation.kinds.find(({ id }) => id === kind)
  if (!found)
    throw new Problem('invalid_fields', { detail: `This version knows no connections of kind ${kind}` })
  return found
}

/** What calls the provider of a connection. */
export function callOf(engine: UpstreamNeeds, connection: Connection, now: number): ConnectionCall {
  const { id, secretSealed } = connection
  return {
    connection,
    secret: secretSealed === null ? null : engine.sealer.open(secretSealed, connectionBinding(id)),
    callbackUrl: callbackUrl(engine.settings.issuer, connection),
    now,
    random: engine.random,
  }
}

/** A connection's name on buttons. */
export function connectionName(
  { federation }: Pick<UpstreamNeeds, 'federation'>,
  { names, preset, slug }: Connection,
  locale: Locale,
): string {
  const known = federation.presets.find(({ id }) => id === preset)
  return names[locale] ?? known?.names[locale] ?? slug
}
