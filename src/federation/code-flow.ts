import type { Configuration, TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import type { ConnectionCall, UpstreamWish } from '../domain/connection.ts'
import type { UpstreamAnswer } from '../domain/upstream-answer.ts'
import { openidClient } from './openid-client.ts'
import type { Quirks } from './presets/provider-preset.ts'
import { webUrl } from './web-url.ts'

const secretBytes = 32
/** How old an authentication may be where a fresh one is asked for, in seconds. */
const freshSeconds = 300

/** What the answer is checked against; kept sealed. */
export interface CodeMemory extends Record<string, unknown> {
  state: string
  /** Null where the provider has no PKCE. */
  verifier: string | null
  /** Null where the provider has none. */
  nonce: string | null
  /** Seconds; null where an old authentication will do. */
  maxAge: number | null
}

/**
 * The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1), with PKCE (RFC 7636). Throws
 * UpstreamFault.
 */
export async function beginCodeFlow(
  provider: Configuration,
  given: {
    call: ConnectionCall
    wish: UpstreamWish
    quirks: Quirks
    scope: string
    /** Whether there are ID tokens. */
    isOidc: boolean
  },
): Promise<{ url: string; memory: CodeMemory }> {
  const { call, wish, quirks, scope, isOidc } = given
  const secret = (): string => call.random.bytes(secretBytes).toString('base64url')
  const memory: CodeMemory = {
    state: wish.state,
    verifier: quirks.pkce === false ? null : secret(),
    nonce: isOidc && quirks.nonce !== false ? secret() : null,
    maxAge: isOidc && wish.fresh && quirks.fresh !== false ? freshSeconds : null,
  }
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await openidClient()
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: call.callbackUrl,
    scope,
    state: memory.state,
    ...(memory.verifier !== null && {
      code_challenge: await calculatePKCECodeChallenge(memory.verifier),
      code_challenge_method: 'S256',
    }),
    ...(memory.nonce !== null && { nonce: memory.nonce }),
    ...(memory.maxAge !== null && { prompt: 'login', max_age: String(memory.maxAge) }),
    ...(wish.fresh && quirks.freshParameters),
    ...(wish.loginHint !== null && isOidc && { login_hint: wish.loginHint }),
    ...quirks.authorizationParameters,
  })
  return { url: webUrl(url, 'authorization_endpoint'), memory }
}

/** The token request (RFC 6749 §4.1.3). The library verifies the ID token; throws the library's errors. */
export async function exchangeCode(
  provider: Configuration,
  given: {
    call: ConnectionCall
    answer: UpstreamAnswer
    memory: CodeMemory
    quirks: Quirks
    isOidc: boolean
  },
): Promise<TokenEndpointResponse & TokenEndpointResponseHelpers> {
  const { call, answer, quirks, isOidc } = given
  const { state, verifier, nonce, maxAge } = given.memory
  const { authorizationCodeGrant } = await openidClient()
  const url = new URL(call.callbackUrl)
  for (const name of ['state', 'code', 'iss'] as const)
    if (answer[name] !== undefined) url.searchParams.set(name, answer[name])
  return authorizationCodeGrant(
    provider,
    url,
    {
      expectedState: state,
      idTokenExpected: isOidc,
      ...(verifier !== null && { pkceCodeVerifier: verifier }),
      ...(nonce !== null && { expectedNonce: nonce }),
      ...(maxAge !== null && { maxAge }),
    },
    quirks.tokenParameters ?? {},
  )
}
