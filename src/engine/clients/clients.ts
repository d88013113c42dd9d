import { hashSecret } from '../../crypto/equal.ts'
import {
  type Client,
  type ClientSettings,
  defaultClientSettings,
  needsSecret,
  redirectFault,
} from '../../domain/client.ts'
import { newClientId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { Secret } from '../../domain/secret.ts'
import { revocationExpiresAt } from '../sessions/revoke.ts'
import type { ClientNeeds } from './needs.ts'
import { refuseUnreadable } from './refuse-brand.ts'

const secretBytes = 32
/** Every relying party can verify it (OIDC Core §15.1); a client may register another. */
const idTokenAlgorithm = 'RS256'
const secretPrefix = 'sumun_cs_'
const secretsMax = 3
const hourMilliseconds = 3_600_000

/** Validates a client's metadata with the provider. Throws `invalid_fields`. */
export type ClientCheck = (client: Pick<Client, 'id' | 'metadata' | 'settings'>) => Promise<void>

export interface ClientChange {
  metadata: Record<string, unknown>
  settings: Partial<ClientSettings>
}

const touchesRedirects = ({ metadata }: ClientChange): boolean =>
  ['redirect_uris', 'post_logout_redirect_uris', 'token_endpoint_auth_method'].some(
    (name) => metadata[name] !== undefined,
  )

/** Throws `invalid_fields`. */
function refuseUnsafe({ metadata, settings }: Pick<Client, 'metadata' | 'settings'>): void {
  const fault = redirectFault(metadata)
  if (fault) throw new Problem('invalid_fields', { detail: fault })
  if (!settings.pkceRequired && metadata.token_endpoint_auth_method === 'none')
    throw new Problem('invalid_fields', { detail: 'A public client must use PKCE (RFC 9700 §2.1.1)' })
}

/** A new client, and its secret where it has one; the secret is shown this once. Throws `invalid_fields`. */
export async function addClient(
  engine: ClientNeeds,
  { change, check, actor }: { change: ClientChange; check: ClientCheck; actor: string },
): Promise<{ client: Client; secret: Secret | null }> {
  const now = engine.clock.now()
  const made = needsSecret(change.metadata) ? newSecret(engine) : null
  const client: Client = {
    id: newClientId(engine),
    metadata: { id_token_signed_response_alg: idTokenAlgorithm, ...change.metadata },
    settings: { ...defaultClientSettings, ...change.settings },
    secrets: made === null ? [] : [{ hash: made.hash, expiresAt: null }],
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
  refuseUnreadable(client.settings.brand)
  refuseUnsafe(client)
  await check(client)
  await engine.store.transaction(async (tx) => {
    await tx.clients.insert(client)
    await engine.audit.record(tx, { kind: 'client.created', actor, subject: client.id })
  })
  return { client, secret: made?.secret ?? null }
}

/**
 * Throws `not_found`, `invalid_fields`, `precondition_failed` if it is not as of `revision`, `conflict`.
 */
export async function updateClient(
  engine: ClientNeeds,
  given: { id: string; revision: number | null; change: ClientChange; check: ClientCheck; actor: string },
): Promise<Client> {
  const { id, change, check, actor } = given
  const former = await findClient(engine, id)
  if (given.revision !== null && given.revision !== former.revision) throw new Problem('precondition_failed')
  const metadata = Object.fromEntries(
    Object.entries({ ...former.metadata, ...change.metadata }).filter(([, value]) => value !== null),
  )
  const client = { ...former, metadata, settings: { ...former.settings, ...change.settings } }
  if (needsSecret(metadata) && former.secrets.length === 0)
    throw new Problem('invalid_fields', {
      detail: 'This client has no secret: rotate it first, or keep its authentication method',
    })
  refuseUnreadable(client.settings.brand)
  // Clients registered before this rule stay as they are until they are changed.
  if (touchesRedirects(change) || change.settings.pkceRequired === false) refuseUnsafe(client)
  await check(client)
  await save(engine, client, { kind: 'client.updated', actor })
  return { ...client, revision: client.revision + 1 }
}

/** A new secret; the former one is good for some hours more. Throws `not_found`, `conflict`. */
export async function rotateClientSecret(
  engine: ClientNeeds,
  { id, keepHours, actor }: { id: string; keepHours: number; actor: string },
): Promise<{ client: Client; secret: Secret }> {
  const former = await findClient(engine, id)
  const { secret, hash: newHash } = newSecret(engine)
  const until = engine.clock.now() + keepHours * hourMilliseconds
  const kept = former.secrets
    .map(({ hash, expiresAt }) => ({ hash, expiresAt: Math.min(expiresAt ?? until, until) }))
    .filter(({ expiresAt }) => expiresAt > engine.clock.now())
  const secrets = [{ hash: newHash, expiresAt: null }, ...kept].slice(0, secretsMax)
  const client = { ...former, secrets }
  await save(engine, client, { kind: 'client.secret_rotated', actor })
  return { client: { ...client, revision: client.revision + 1 }, secret }
}

/** Deletes it with its grants; its tokens are revoked. Throws `not_found`. */
export async function removeClient(
  engine: ClientNeeds,
  { id, actor }: { id: string; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if (
      !(await tx.clients.remove({
        id,
        now: engine.clock.now(),
        revocationExpiresAt: revocationExpiresAt(engine),
      }))
    )
      throw new Problem('not_found')
    await engine.audit.record(tx, { kind: 'client.removed', actor, subject: id })
  })
  engine.clientCache.forget(id)
  await engine.revocations.poll()
}

export async function findClient(engine: ClientNeeds, id: string): Promise<Client> {
  const client = await engine.store.clients.find(id)
  if (!client) throw new Problem('not_found')
  return client
}

async function save(
  engine: ClientNeeds,
  client: Client,
  { kind, actor }: { kind: 'client.updated' | 'client.secret_rotated'; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if (!(await tx.clients.update({ ...client, now: engine.clock.now() }))) throw new Problem('conflict')
    await engine.audit.record(tx, { kind, actor, subject: client.id })
  })
  engine.clientCache.forget(client.id)
}

/** The text of a new secret. */
export const newClientSecret = ({ random }: Pick<ClientNeeds, 'random'>): string =>
  secretPrefix + random.bytes(secretBytes).toString('base64url')

function newSecret(engine: ClientNeeds): { secret: Secret; hash: string } {
  const text = newClientSecret(engine)
  return { secret: new Secret(text), hash: hashSecret(text) }
}
