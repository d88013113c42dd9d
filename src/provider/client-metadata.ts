import type { AdapterPayload } from 'oidc-provider'
import { equalSecrets, hashSecret } from '../crypto/equal.ts'
import { type Client, needsSecret } from '../domain/client.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'

/** What any client may ask of a person; the rest must be named by an operator. */
export const ordinaryScopes = ['openid', 'offline_access', 'profile', 'email', 'phone'] as const

/** All scopes that are ours to give; what an API calls its own is named where a client is let at it. */
export const providerScopes = [...ordinaryScopes, 'account', 'admin', 'admin:read'] as const

/** Our own words about a client, as the library carries them. */
export const ownProperties = ['sumun_settings', 'sumun_secret_hashes'] as const

export interface OwnMetadata {
  sumun_settings?: Client['settings']
  sumun_secret_hashes?: string[]
}

/** What of ours it may ask for, separated by spaces. */
export const scopeOf = ({
  metadata,
  settings: { firstParty },
}: Pick<Client, 'metadata' | 'settings'>): string =>
  metadata.scope === undefined
    ? [...ordinaryScopes, ...(firstParty ? ['account'] : [])].join(' ')
    : (metadata.scope as string)

/** A client as the library reads it. The secret's place is taken by its hash, which opens nothing. */
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

/** Of the secrets that are good at `now`. */
export const secretHashesOf = ({ secrets = [] }: Partial<Client>, now: number): string[] =>
  secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ hash }) => hash)

export function hasSecret(hashes: string[], secret: string): boolean {
  const shown = hashSecret(secret)
  return hashes.map((hash) => equalSecrets(hash, shown)).some(Boolean)
}
