import type { Configuration } from 'openid-client'
import type { ConnectionCall, ConnectionFinding } from '../../domain/connection.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { discoverProvider, openidClient } from './oidc-clients.ts'
import type { OidcSettings } from './oidc-settings.ts'

const clockSecondsMax = 60

type Check = ConnectionFinding['check']
const ok = (check: Check, detail: string): ConnectionFinding => ({ check, verdict: 'ok', detail, fix: null })
const fault = (check: Check, detail: string, fix: string): ConnectionFinding => ({
  ...{ check, verdict: 'fault', detail, fix },
})
const warning = (check: Check, detail: string, fix: string): ConnectionFinding => ({
  ...{ check, verdict: 'warning', detail, fix },
})

/** Tries what a sign-in would need, without a user, and says in words what is wrong. Never throws. */
export async function testOidcConnection(
  probe: ConnectionCall,
  call: UpstreamFetch,
): Promise<ConnectionFinding[]> {
  const { connection, now } = probe
  const settings = connection.settings as OidcSettings
  let date: string | null = null
  const dated: UpstreamFetch = async (url, options) => {
    const reply = await call(url, options)
    date ??= reply.headers.get('date')
    return reply
  }
  try {
    const provider = await discoverProvider(probe, dated)
    return [
      ok('discovery', `${settings.issuer} answers`),
      checkClock(date, now),
      await checkKeys(provider, call),
      await checkRedirect(provider, probe, call),
      await checkClient(provider, probe),
    ]
  } catch (error) {
    return [discoveryFault(settings, error)]
  }
}

function discoveryFault({ issuer }: OidcSettings, error: unknown): ConnectionFinding {
  const message = rootOf(error).message
  const status = (error as { cause?: { status?: number } }).cause?.status
  if (/PKCS|key/i.test(message) && status === undefined && /asn1|decoder|pkcs8|PEM/i.test(message))
    return fault('client', 'the private key cannot be read', 'set a private key in PEM (PKCS #8)')
  if (/issuer/i.test(message))
    return fault(
      'discovery',
      `the document of ${issuer} names another issuer`,
      'set the issuer exactly as the document has it, with or without the slash at the end',
    )
  if (status !== undefined)
    return fault(
      'discovery',
      `${issuer}/.well-known/openid-configuration answered ${status}`,
      'check the issuer; a provider without OpenID Connect cannot be used with this kind',
    )
  return fault(
    'discovery',
    `${issuer} cannot be reached: ${message}`,
    'check the issuer, DNS and the firewall; SUMUN_CLIENT_NETWORK=any allows internal addresses',
  )
}

function checkClock(date: string | null, now: number): ConnectionFinding {
  const theirs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirs)) return ok('clock', 'the provider sends no date')
  const seconds = Math.round(Math.abs(theirs - now) / 1000)
  return seconds > clockSecondsMax
    ? fault('clock', `the clocks differ by ${seconds} s, so ID tokens are refused`, 'set both clocks by NTP')
    : ok('clock', `the clocks differ by ${seconds} s`)
}

async function checkKeys(provider: Configuration, call: UpstreamFetch): Promise<ConnectionFinding> {
  const { jwks_uri: uri } = provider.serverMetadata()
  if (uri === undefined)
    return fault(
      'keys',
      'the provider publishes no keys',
      'choose a provider that signs ID tokens with a key',
    )
  try {
    const reply = await call(uri, { headers: { accept: 'application/json' } })
    const { keys = [] } = (await reply.json()) as { keys?: unknown[] }
    if (reply.ok && keys.length > 0) return ok('keys', `${keys.length} keys`)
    return fault('keys', `${uri} has no keys (${reply.status})`, 'ask the provider')
  } catch (error) {
    return fault('keys', `${uri} cannot be read: ${rootOf(error).message}`, 'check DNS and the firewall')
  }
}

/** With `prompt=none` a provider redirects at once, if it knows the redirect URI (OIDC Core §3.1.2.6). */
async function checkRedirect(
  provider: Configuration,
  { connection, callbackUrl }: ConnectionCall,
  call: UpstreamFetch,
): Promise<ConnectionFinding> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } =
    await openidClient()
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: callbackUrl,
    scope: (connection.settings as OidcSettings).scope,
    prompt: 'none',
    state: randomState(),
    nonce: randomState(),
    code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  })
  try {
    const reply = await call(url.href, { headers: { accept: 'text/html' } })
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
async function checkClient(
  provider: Configuration,
  { callbackUrl, secret, connection }: ConnectionCall,
): Promise<ConnectionFinding> {
  const { authentication } = connection.settings as OidcSettings
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

function rootOf(error: unknown): Error {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error ? rootOf(cause) : (error as Error)
}
