import { type ConnectionCall, UpstreamFault, type UpstreamWish } from '../../domain/connection.ts'
import { isLoopbackUrl } from '../../domain/loopback.ts'
import { quirksOf } from '../presets/index.ts'
import { type OidcClients, openidClient } from './oidc-clients.ts'
import type { OidcSettings } from './oidc-settings.ts'
import { faultOf } from './upstream-fault.ts'

const secretBytes = 32
/** How old an authentication may be where a fresh one is asked for, in seconds. */
const freshSeconds = 300

/** What the answer is checked against; kept sealed. */
export interface OidcMemory extends Record<string, unknown> {
  state: string
  verifier: string
  /** Null where the provider has none. */
  nonce: string | null
  /** Seconds; null where an old authentication will do. */
  maxAge: number | null
}

/** The authorization request (OIDC Core §3.1.2.1), with PKCE (RFC 7636). Throws UpstreamFault. */
export async function authorizeOidc(
  clients: OidcClients,
  call: ConnectionCall,
  { state, loginHint, fresh }: UpstreamWish,
): Promise<{ url: string; memory: OidcMemory }> {
  const { connection, callbackUrl, random } = call
  const quirks = quirksOf(connection.preset)
  const secret = (): string => random.bytes(secretBytes).toString('base64url')
  const memory: OidcMemory = {
    state,
    verifier: secret(),
    nonce: quirks.nonce === false ? null : secret(),
    maxAge: fresh && quirks.fresh !== false ? freshSeconds : null,
  }
  const provider = await clients(call).catch((error) => {
    throw faultOf(error)
  })
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await openidClient()
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: callbackUrl,
    scope: (connection.settings as OidcSettings).scope,
    state,
    code_challenge: await calculatePKCECodeChallenge(memory.verifier),
    code_challenge_method: 'S256',
    ...(memory.nonce !== null && { nonce: memory.nonce }),
    ...(memory.maxAge !== null && { prompt: 'login', max_age: String(memory.maxAge) }),
    ...(loginHint !== null && { login_hint: loginHint }),
  })
  // The document is the provider's: a browser is only sent to the web.
  if (url.protocol !== 'https:' && !isLoopbackUrl(url))
    throw new UpstreamFault('misconfigured', `authorization_endpoint is ${url.protocol}`)
  return { url: url.href, memory }
}
