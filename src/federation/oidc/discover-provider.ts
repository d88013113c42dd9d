import type { Configuration } from 'openid-client'
import type { ConnectionCall } from '../../domain/connection.ts'
import { isLoopbackUrl } from '../../domain/loopback.ts'
import { clientAuthentication } from '../client-authentication.ts'
import { conforming } from '../conforming-fetch.ts'
import { openidClient } from '../openid-client.ts'
import { quirksOf } from '../presets/index.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import type { OidcSettings } from './oidc-settings.ts'

const discoverySeconds = 10
const toleranceSeconds = 60

/**
 * The provider's metadata, and this server as its client (OIDC Discovery §4). Throws the library's errors,
 * and what `fetch` throws.
 */
export async function discoverProvider(call: ConnectionCall, fetch: UpstreamFetch): Promise<Configuration> {
  const { connection } = call
  const settings = connection.settings as OidcSettings
  const { allowInsecureRequests, clockTolerance, customFetch, discovery, enableNonRepudiationChecks } =
    await openidClient()
  const issuer = new URL(settings.issuer)
  const metadata = {
    [clockTolerance]: toleranceSeconds,
    ...(settings.algorithm !== undefined && { id_token_signed_response_alg: settings.algorithm }),
  }
  return discovery(issuer, connection.clientId, metadata, await clientAuthentication(call, settings), {
    [customFetch]: conforming(fetch, quirksOf(connection.preset)) as never,
    timeout: discoverySeconds,
    // Without it the library trusts TLS alone, and reads ID tokens of the token endpoint unverified.
    execute: [enableNonRepudiationChecks, ...(isLoopbackUrl(issuer) ? [allowInsecureRequests] : [])],
  })
}
