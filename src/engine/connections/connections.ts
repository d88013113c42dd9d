import {
  type Connection,
  type ConnectionFinding,
  type ConnectionKind,
  selfUrl,
  slugPattern,
  UpstreamFault,
} from '../../domain/connection.ts'
import { type ConnectionId, newConnectionId, type OrganisationId } from '../../domain/id.ts'
import type { KeyRotation } from '../../domain/key-rotation.ts'
import { locales } from '../../domain/locale.ts'
import { normalDomain } from '../../domain/mail-domain.ts'
import type { MetadataSource } from '../../domain/metadata-source.ts'
import { connectionsMax } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import { UniqueViolation } from '../../store/database.ts'
import type { Some } from '../../store/store.ts'
import type { ConnectionNeeds } from './needs.ts'
import { secretExpiry } from './secret-expiry.ts'
import { callOf, connectionBinding, kindOf, presetOf } from './upstreams.ts'

const isSlug = new RegExp(slugPattern)
const defaultPosition = 100

/**
 * `secret`: null removes it. `settings` are merged member by member. `metadata`: settings are read from what
 * the identity provider says of itself.
 */
export interface ConnectionChange
  extends Partial<
    Pick<
      Connection,
      | 'names'
      | 'clientId'
      | 'secretExpiresAt'
      | 'settings'
      | 'state'
      | 'position'
      | 'emailTrust'
      | 'assurance'
      | 'newAccounts'
      | 'domains'
    >
  > {
  secret?: string | null
  metadata?: MetadataSource
}

interface NewConnection extends ConnectionChange {
  preset: string
  slug: string
  organisationId?: OrganisationId | null
}

/**
 * A new connection, with what its preset knows. Throws `invalid_fields`, also if its organisation has 20,
 * `not_found` if there is no such organisation, `conflict` if its slug is taken.
 */
export async function addConnection(
  engine: ConnectionNeeds,
  {
    preset: presetId,
    slug,
    secret: givenSecret,
    metadata,
    actor,
    ...given
  }: NewConnection & {
    actor: string
  },
): Promise<Connection> {
  const preset = presetOf(engine, { preset: presetId })
  if (!preset) throw invalid(`preset: one of ${engine.federation.presets.map(({ id }) => id).join(', ')}`)
  if (!isSlug.test(slug)) throw invalid('slug: at most 32 small letters, digits and dashes, a letter first')
  const { clock } = engine
  const now = clock.now()
  const kind = kindOf(engine, preset)
  const usual = kind.needsClient === false ? '' : undefined
  // Where this server describes itself, that is its name as well.
  const own = kind.describeSelf && selfUrl(engine.settings.issuer, { slug })
  const clientId = given.clientId ?? own ?? usual
  if (clientId === undefined) throw invalid('client_id: required')
  const read = metadata && (await settingsFrom(kind, { source: metadata, now }))
  const secret = givenSecret ?? (await kind.createSecret?.({ slug }, now))
  refuseSecret(kind, secret)
  const id = newConnectionId(engine)
  const owner = given.organisationId && (await engine.store.organisations.find(given.organisationId))
  const connection: Connection = {
    names: owner ? inAllLanguages(owner.name) : {},
    state: 'enabled',
    position: defaultPosition,
    emailTrust: preset.emailTrust,
    assurance: 'ignore',
    secretExpiresAt: read?.expiresAt ?? null,
    newAccounts: 'create',
    organisationId: null,
    ...given,
    domains: domainsIn(given.domains ?? []),
    clientId,
    id,
    slug,
    kind: preset.kind,
    preset: preset.id,
    settings: { ...preset.settings, ...read?.settings, ...given.settings },
    secretSealed: secret ? engine.sealer.seal(secret, connectionBinding(id)) : null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
  refuseUnfit(engine, connection)
  if (connection.organisationId !== null && connection.domains.length > 0)
    throw invalid('domains: those of an organisation are the ones that it has verified')
  const write = engine.store.transaction(async (tx) => {
    if (connection.organisationId !== null) await refuseTooMany(tx, connection.organisationId)
    await tx.connections.insert(connection)
    await engine.audit.record(tx, { kind: 'connection.created', actor, subject: id, details: { slug } })
  })
  await write.catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: `There is a connection ${slug} already`, cause: error })
      : error
  })
  engine.offeredConnections.forget()
  return connection
}

/**
 * Changes the given members. `revision`: null for any. Throws `not_found`, `invalid_fields`,
 * `precondition_failed`, `conflict` if it was changed at the same time.
 */
export async function updateConnection(
  engine: ConnectionNeeds,
  given: { connection: Connection; revision: number | null; change: ConnectionChange; actor: string },
): Promise<Connection> {
  const { connection: former, revision, change, actor } = given
  if (revision !== null && revision !== former.revision) throw new Problem('precondition_failed')
  const { secret, settings, metadata, ...members } = change
  const [kind, now] = [kindOf(engine, former), engine.clock.now()]
  const source = metadata && sourceFor(former, metadata)
  const read = source && (await settingsFrom(kind, { source, now }))
  refuseSecret(kind, secret)
  const next: Connection = {
    ...former,
    ...members,
    domains: domainsIn(members.domains ?? former.domains),
    settings: { ...former.settings, ...read?.settings, ...settings },
    ...(read && { secretExpiresAt: read.expiresAt }),
    ...(secret !== undefined && {
      // The date of the former one says nothing of this one.
      secretExpiresAt: members.secretExpiresAt ?? null,
      secretSealed: secret && engine.sealer.seal(secret, connectionBinding(former.id)),
    }),
    updatedAt: now,
  }
  refuseUnfit(engine, next)
  await engine.store.transaction(async (tx) => {
    if (!(await tx.connections.update(next))) throw new Problem('conflict')
    const details = { slug: next.slug, fields: Object.keys(change).join(' ') }
    await engine.audit.record(tx, { kind: 'connection.updated', actor, subject: next.id, details })
  })
  engine.offeredConnections.forget()
  return { ...next, revision: next.revision + 1 }
}

/**
 * A step of changing the key of our own, where the protocol has one. Throws `invalid_fields` if it has none,
 * or the step does not fit.
 */
export async function rotateConnectionKey(
  engine: ConnectionNeeds,
  { connection, step, actor }: { connection: Connection; step: KeyRotation['step']; actor: string },
): Promise<Connection> {
  const { slug, secretExpiresAt } = connection
  const { rotateSecret } = kindOf(engine, connection)
  if (!rotateSecret) throw invalid('its secret is made by the provider: change it with --secret-stdin')
  const now = engine.clock.now()
  const { secret: former } = callOf(engine, connection, now)
  const secret = await rotateSecret(former, { step, name: slug, now }).catch(asInvalid)
  // The date is that of the provider's certificates.
  const change = { secret, secretExpiresAt }
  return updateConnection(engine, { connection, revision: connection.revision, change, actor })
}

/** Throws `invalid_fields`. */
function refuseSecret({ checkSecret }: ConnectionKind, secret: string | null | undefined): void {
  try {
    if (secret) checkSecret?.(secret)
  } catch (error) {
    asInvalid(error)
  }
}

function asInvalid(error: unknown): never {
  throw error instanceof UpstreamFault ? invalid(error.message) : error
}

/** Throws `not_found`. */
export async function removeConnection(
  engine: ConnectionNeeds,
  { connection: { id, slug }, actor }: { connection: Connection; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if (!(await tx.connections.remove(id))) throw new Problem('not_found')
    await engine.audit.record(tx, { kind: 'connection.removed', actor, subject: id, details: { slug } })
  })
  engine.offeredConnections.forget()
}

/** Calls the provider, and says in words what is wrong. */
export async function testConnection(
  engine: ConnectionNeeds,
  connection: Connection,
): Promise<ConnectionFinding[]> {
  const now = engine.clock.now()
  const findings = await kindOf(engine, connection).test(callOf(engine, connection, now))
  const expiry = secretExpiry(connection, now)
  return expiry ? [...findings, { check: 'client', ...expiry }] : findings
}

/** By id. Throws `not_found`, also where an organisation is given and another one has it, or none. */
export async function findConnection(
  { store }: Pick<ConnectionNeeds, 'store'>,
  { id, organisationId }: { id: ConnectionId; organisationId?: OrganisationId },
): Promise<Connection> {
  const connection = await store.connections.find(id)
  if (!connection || (organisationId !== undefined && connection.organisationId !== organisationId))
    throw new Problem('not_found')
  return connection
}

async function refuseTooMany(tx: Some<'organisations' | 'connections'>, id: OrganisationId): Promise<void> {
  if (!(await tx.organisations.lockForUpdate(id))) throw new Problem('not_found')
  const found = await tx.connections.listOfOrganisation(id, { after: null, limit: connectionsMax })
  if (found.length === connectionsMax) throw invalid(`At most ${connectionsMax} connections`)
}

/** A company's provider has its name on the button. */
const inAllLanguages = (name: string): Connection['names'] =>
  Object.fromEntries(locales.map((locale) => [locale, name]))

/** Where a signature was demanded, it is demanded again. */
export function sourceFor({ settings }: Connection, source: MetadataSource): MetadataSource {
  const { metadata_certificate: signedBy } = settings as { metadata_certificate?: string }
  return { ...(signedBy !== undefined && { signedBy }), ...source }
}

/** Throws `invalid_fields` if it cannot be had, or says nothing that can be used. */
export async function settingsFrom(
  { id, readMetadata }: ConnectionKind,
  given: { source: MetadataSource; now: number },
): Promise<{ settings: Record<string, unknown>; expiresAt: number }> {
  if (!readMetadata) throw invalid(`metadata: a connection by ${id} has none`)
  return readMetadata(given).catch((error) => {
    throw error instanceof UpstreamFault ? invalid(`metadata: ${error.message}`) : error
  })
}

/** As addresses have them: lower case, IDNA A-labels. Throws `invalid_fields`. */
function domainsIn(given: readonly string[]): string[] {
  const domains = given.map((domain) => {
    const normal = normalDomain(domain)
    if (normal === undefined) throw invalid(`domains: ${domain} is no mail domain, such as example.com`)
    return normal
  })
  return [...new Set(domains)]
}

function refuseUnfit(engine: ConnectionNeeds, connection: Connection): void {
  const { settings } = kindOf(engine, connection)
  if (schemaCheck(settings)(connection.settings)) return
  const { properties = {}, required = [] } = settings as { properties?: object; required?: string[] }
  const members = Object.keys(properties)
  const missing = required.filter((name) => connection.settings[name] === undefined)
  throw invalid(
    missing.length > 0
      ? `settings: ${missing.join(', ')} required`
      : `settings: one of ${members.join(', ')} is not valid, or another member is unknown`,
  )
}

const invalid = (detail: string): Problem => new Problem('invalid_fields', { detail })
