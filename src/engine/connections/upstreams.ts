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
  type Preset,
  UpstreamFault,
} from '../../domain/connection.ts'
import type { ConnectionId } from '../../domain/id.ts'
import type { Locale } from '../../domain/locale.ts'
import { domainOf, normalDomain } from '../../domain/mail-domain.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Random } from '../../domain/random.ts'
import type { StoreOf } from '../../store/store.ts'
import { offeredMax } from './offered-connections.ts'

/** What calling a provider uses. */
export interface UpstreamNeeds {
  store: StoreOf<'connections' | 'organisations' | 'organisationDomains'>
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
    const found = await findFor(engine, which, { kind, use })
    if (found?.kind !== kind || !isOpenFor(found, use)) return undefined
    const connection = await ofOrganisation(engine, found)
    if (!connection) return undefined
    const { authorize = otherWay, identify = otherWay, check = otherWay } = kindOf(engine, connection)
    const call = callOf(engine, connection, now)
    return {
      connection,
      authorize: (wish) => authorize(call, wish),
      identify: (answer, memory) => identify(call, answer, memory),
      check: (answer) => check(call, answer),
    }
  }

const otherWay = (): Promise<never> =>
  Promise.reject(new UpstreamFault('misconfigured', 'connections of this kind work otherwise'))

async function findFor(
  { store: { connections } }: Pick<UpstreamNeeds, 'store'>,
  which: Parameters<OpenUpstream>[0],
  { kind, use }: { kind: string; use: ConnectionUse },
): Promise<Connection | undefined> {
  if ('slug' in which) return connections.findBySlug(which.slug)
  if ('id' in which) return connections.find(which.id)
  const domain = which.address.includes('@') ? normalDomain(domainOf(which.address)) : undefined
  const home = domain === undefined ? [] : await connections.listForDomain(domain)
  const anyone = await connections.listOffered({ use, limit: offeredMax })
  return [...home, ...anyone].find((one) => one.kind === kind)
}

/** With the domains that its organisation has verified. Undefined if the organisation is not active. */
async function ofOrganisation(
  { store }: Pick<UpstreamNeeds, 'store'>,
  connection: Connection,
): Promise<Connection | undefined> {
  const { organisationId } = connection
  if (organisationId === null) return connection
  const organisation = await store.organisations.find(organisationId)
  if (organisation?.state !== 'active') return undefined
  const claims = await store.organisationDomains.list(organisationId)
  const domains = claims.filter(({ verifiedAt }) => verifiedAt !== null).map(({ domain }) => domain)
  return { ...connection, domains }
}

/** One that is open for the use, and its method. Throws `not_found`, also if another version made it. */
export async function openConnection(
  engine: Pick<UpstreamNeeds, 'store'> & { methods: { find(id: string): MethodDefinition | undefined } },
  slug: string,
  use: ConnectionUse,
): Promise<{ connection: Connection; method: MethodDefinition }> {
  const connection = await engine.store.connections.findBySlug(slug)
  const method = connection && engine.methods.find(connection.kind)
  if (!connection || !method || !isOpenFor(connection, use)) throw new Problem('not_found')
  return { connection, method }
}

/** Whether an answer of the provider that was not asked for may begin a sign-in. */
export async function mayBeginThere(
  engine: Pick<UpstreamNeeds, 'store' | 'federation'>,
  slug: string,
): Promise<boolean> {
  const connection = await engine.store.connections.findBySlug(slug)
  if (!connection || !isOpenFor(connection, 'sign-in')) return false
  return kindOf(engine, connection).beginsThere?.(connection) ?? false
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
    ownIssuer: engine.settings.issuer,
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
  const usual = presetOf({ federation }, { preset })?.names
  return names[locale] ?? usual?.[locale] ?? names.en ?? usual?.en ?? slug
}

/** Undefined if only another version knows it. */
export const presetOf = (
  { federation }: Pick<UpstreamNeeds, 'federation'>,
  { preset }: Pick<Connection, 'preset'>,
): Preset | undefined => federation.presets.find(({ id }) => id === preset)
