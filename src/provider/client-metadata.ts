import type { AdapterPayload } from 'oidc-provider'
import { equalSecrets, hashSecret } from '../crypto/equal.ts'
import { type Client, needsSecret } from '../domain/client.ts'
import { adminScopes } from '../domain/role.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'

/** Scopes that any client may request of a user; an operator allows the others. */
export const ordinaryScopes = [
  'openid',
  'offline_access',
  'profile',
  'email',
  'phone',
  'organization',
] as const

/** All scopes of this server; an API's own scopes are set with the clients that may use it. */
export const providerScopes = [...ordinaryScopes, 'account', ...adminScopes] as const

/** Our settings of a client, as extra metadata of the library. */
export const ownProperties = ['sumun_settings', 'sumun_secret_hashes'] as const

export interface OwnMetadata {
  sumun_settings?: Client['settings']
  sumun_secret_hashes?: string[]
}

/** The scopes of this server that it may request, separated by spaces. */
export const scopeOf = ({
  metadata,
  settings: { firstParty },
}: Pick<Client, 'metadata' | 'settings'>): string =>
  metadata.scope === undefined
    ? [...ordinaryScopes, ...(firstParty ? ['account'] : [])].join(' ')
    : (metadata.scope as string)

/** A client's metadata for the library. Instead of the secret it has the hash, which authenticates no one. */
export function toMetadata(
  client: Pick<Client, 'id' | 'metadata' | 'settings'> & Partial<Client>,
  { now, algorithm }: { now: number; algorithm: SigningAlgorithm },
): AdapterPayload {
  const hashes = secretHashesOf(client, now)
  return {
    // A client that was registered before RS256 was the default keeps what it had.
    id_token_signed_response_alg: algorithm,
    ...client.metadata,
    scope: scopeOf(client),
    client_id: client.id,
    ...(needsSecret(client.metadata) && { client_secret: hashes[0] ?? 'none' }),
    sumun_settings: client.settings,
    sumun_secret_hashes: hashes,
  } as AdapterPayload
}

/** Of the secrets that are valid at `now`. */
export const secretHashesOf = ({ secrets = [] }: Partial<Client>, now: number): string[] =>
  secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ hash }) => hash)

export function hasSecret(hashes: string[], secret: string): boolean {
  const shown = hashSecret(secret)
  return hashes.map((hash) => equalSecrets(hash, shown)).some(Boolean)
}
