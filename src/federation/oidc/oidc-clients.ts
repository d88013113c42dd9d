import { createPrivateKey } from 'node:crypto'
import { importPKCS8 } from 'jose'
import type { ClientAuth, Configuration } from 'openid-client'
import type { ConnectionCall } from '../../domain/connection.ts'
import { isLoopbackUrl } from '../../domain/loopback.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import type { OidcSettings } from './oidc-settings.ts'

const discoverySeconds = 10
const keptMilliseconds = 3600 * 1000
const keptMax = 200
const algorithms: Readonly<Record<string, string>> = { ec: 'ES256', rsa: 'RS256', ed25519: 'EdDSA' }

/** The library takes a while to load, so it is loaded with the first connection. */
export const openidClient = () => import('openid-client')

/** Finds this server's client at a provider. Throws the library's errors, and what `fetch` throws. */
export type OidcClients = (call: ConnectionCall) => Promise<Configuration>

/** Keeps discovery documents and keys for an hour, until the connection is changed. */
export function createOidcClients(fetch: UpstreamFetch): OidcClients {
  const known = new Map<string, { at: number; client: Promise<Configuration> }>()

  return (call) => {
    const { connection } = call
    const key = `${connection.id}/${connection.revision}`
    const now = performance.now()
    const entry = known.get(key)
    if (entry && now - entry.at < keptMilliseconds) return entry.client
    const client = discoverProvider(call, fetch)
    if (known.size >= keptMax) known.clear()
    known.set(key, { at: now, client })
    client.catch(() => known.delete(key))
    return client
  }
}

/**
 * The provider's metadata, and this server as its client (OIDC Discovery §4). Throws the library's errors,
 * and what `fetch` throws. The secret is a client secret, or a private key in PEM (PKCS #8).
 */
export async function discoverProvider(
  { connection, secret }: Pick<ConnectionCall, 'connection' | 'secret'>,
  fetch: UpstreamFetch,
): Promise<Configuration> {
  const settings = connection.settings as OidcSettings
  const { allowInsecureRequests, clockTolerance, customFetch, discovery, enableNonRepudiationChecks } =
    await openidClient()
  const issuer = new URL(settings.issuer)
  const metadata = {
    [clockTolerance]: 60,
    ...(settings.algorithm !== undefined && { id_token_signed_response_alg: settings.algorithm }),
  }
  return discovery(issuer, connection.clientId, metadata, await authenticationOf(settings, secret), {
    [customFetch]: fetch as never,
    timeout: discoverySeconds,
    // Without it the library trusts TLS alone, and reads ID tokens of the token endpoint unverified.
    execute: [enableNonRepudiationChecks, ...(isLoopbackUrl(issuer) ? [allowInsecureRequests] : [])],
  })
}

async function authenticationOf(
  { authentication }: OidcSettings,
  secret: string | null,
): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None, PrivateKeyJwt } = await openidClient()
  if (secret === null || authentication === 'none') return None()
  switch (authentication) {
    case 'client_secret_basic':
      return ClientSecretBasic(secret)
    case 'client_secret_post':
      return ClientSecretPost(secret)
    case 'private_key_jwt': {
      const type = createPrivateKey(secret).asymmetricKeyType ?? ''
      return PrivateKeyJwt(await importPKCS8(secret, algorithms[type] ?? type))
    }
  }
}
