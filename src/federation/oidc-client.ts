import { createPrivateKey } from 'node:crypto'
import { importPKCS8 } from 'jose'
import type { ClientAuth, Configuration } from 'openid-client'
import { isLoopbackUrl } from '../domain/loopback.ts'
import type { OidcSettings } from './oidc-settings.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

const discoverySeconds = 10
const algorithms: Readonly<Record<string, string>> = { ec: 'ES256', rsa: 'RS256', ed25519: 'EdDSA' }

/** The library takes a while to load, so it is loaded with the first connection. */
export const openidClient = () => import('openid-client')

/**
 * The provider's metadata, and this server as its client (OIDC Discovery §4). Throws the library's errors,
 * and what `fetch` throws. `secret`: a client secret, or a private key in PEM (PKCS #8).
 */
export async function discoverProvider(given: {
  settings: OidcSettings
  clientId: string
  secret: string | null
  fetch: UpstreamFetch
}): Promise<Configuration> {
  const { settings, clientId, secret, fetch } = given
  const { allowInsecureRequests, customFetch, discovery } = await openidClient()
  const issuer = new URL(settings.issuer)
  return discovery(issuer, clientId, undefined, await authenticationOf(settings, secret), {
    [customFetch]: fetch as never,
    timeout: discoverySeconds,
    ...(isLoopbackUrl(issuer) && { execute: [allowInsecureRequests] }),
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
