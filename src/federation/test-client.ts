import type { Configuration } from 'openid-client'
import type { ConnectionCall, ConnectionFinding } from '../domain/connection.ts'
import { openidClient } from './openid-client.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

type Check = ConnectionFinding['check']
export const ok = (check: Check, detail: string): ConnectionFinding => ({
  check,
  verdict: 'ok',
  detail,
  fix: null,
})
export const fault = (check: Check, detail: string, fix: string): ConnectionFinding => ({
  ...{ check, verdict: 'fault', detail, fix },
})
export const warning = (check: Check, detail: string, fix: string): ConnectionFinding => ({
  ...{ check, verdict: 'warning', detail, fix },
})

/** With `prompt=none` a provider redirects at once, if it knows the redirect URI (OIDC Core §3.1.2.6). */
export async function checkRedirect(
  provider: Configuration,
  { call, scope, fetch: upstreamFetch }: { call: ConnectionCall; scope: string; fetch: UpstreamFetch },
): Promise<ConnectionFinding> {
  const { callbackUrl } = call
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } =
    await openidClient()
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: callbackUrl,
    scope,
    prompt: 'none',
    state: randomState(),
    nonce: randomState(),
    code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  })
  try {
    const reply = await upstreamFetch(url.href, { headers: { accept: 'text/html' } })
    const location = reply.headers.get('location') ?? ''
    if (location.startsWith(callbackUrl)) {
      const { searchParams } = new URL(location)
      const scopeFault = searchParams.get('error') === 'invalid_scope'
      return scopeFault
        ? fault(
            'redirect',
            `the provider refuses the scope: ${searchParams.get('error_description') ?? ''}`,
            'remove scopes that the application may not request, or enable them at the provider',
          )
        : ok('redirect', `${callbackUrl} is registered`)
    }
    if (reply.status >= 400)
      return fault(
        'redirect',
        `the provider refuses the request (${reply.status})`,
        `register ${callbackUrl} as redirect URI, and check the client id`,
      )
    return warning(
      'redirect',
      'the provider shows a page instead of returning, so this cannot be checked',
      `make sure that ${callbackUrl} is registered as redirect URI`,
    )
  } catch (error) {
    return fault('redirect', rootOf(error).message, 'check DNS and the firewall')
  }
}

/** A made-up code: the provider complains of the code if it accepts the client (RFC 6749 §5.2). */
export async function checkClient(
  provider: Configuration,
  { callbackUrl, secret, connection }: ConnectionCall,
): Promise<ConnectionFinding> {
  const { authentication } = connection.settings
  if (secret === null && authentication !== 'none')
    return fault('client', 'no secret is set', 'set it with `sumun connection update SLUG --secret-stdin`')
  const { genericGrantRequest, randomPKCECodeVerifier } = await openidClient()
  try {
    await genericGrantRequest(provider, 'authorization_code', {
      code: 'sumun-connection-test',
      redirect_uri: callbackUrl,
      code_verifier: randomPKCECodeVerifier(),
    })
    return warning('client', 'the provider accepted a code that it never issued', 'do not use this provider')
  } catch (error) {
    const { error: code, status } = error as { error?: string; status?: number }
    if (code === 'invalid_grant') return ok('client', 'the client id and secret are accepted')
    if (code === 'invalid_client' || code === 'unauthorized_client' || status === 401)
      return fault(
        'client',
        `the provider refuses the client${code === undefined ? '' : ` (${code})`}`,
        'check the client id, the secret and how it is sent (`authentication`)',
      )
    return warning(
      'client',
      `the provider answered ${code ?? rootOf(error).message}, so this cannot be told`,
      'try a sign-in',
    )
  }
}

export function rootOf(error: unknown): Error {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error ? rootOf(cause) : (error as Error)
}
