import type { Configuration } from 'openid-client'
import type { Connection, ConnectionCall, ConnectionFinding } from '../../domain/connection.ts'
import { leavingOf } from '../leaving/leaving-settings.ts'
import { quirksOf } from '../presets/index.ts'
import { checkClient, checkRedirect, fault, ok, rootOf, warning } from '../test-client.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { discoverProvider } from './discover-provider.ts'
import type { OidcSettings } from './oidc-settings.ts'

const clockSecondsMax = 60

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
      ...checkLists(provider, connection),
      ...checkLeaving(provider, connection),
      await checkRedirect(provider, { call: probe, scope: settings.scope, fetch: call }),
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

/** What the provider says that it has (OIDC Discovery §3). Lists may be incomplete: these are warnings. */
function checkLists(provider: Configuration, { settings, emailTrust }: Connection): ConnectionFinding[] {
  const { scopes_supported: scopes, claims_supported: claims } = provider.serverMetadata()
  const asked = (settings as OidcSettings).scope.split(' ')
  const unknown = scopes ? asked.filter((scope) => !scopes.includes(scope)) : []
  const lacks = (claim: string) => claims !== undefined && !claims.includes(claim)
  return [
    ...(unknown.length > 0
      ? [
          warning(
            'claims',
            `the provider does not list the scope ${unknown.join(', ')}`,
            'check the scope of the connection, and what the application may request at the provider',
          ),
        ]
      : []),
    ...(emailTrust === 'flag' && (lacks('email') || lacks('email_verified'))
      ? [
          warning(
            'claims',
            'the provider does not list the claims email and email_verified, so no address may count as verified',
            'set --email-trust never, or add the claims at the provider',
          ),
        ]
      : []),
  ]
}

/** Whether what users leave here can be left there too. */
function checkLeaving(provider: Configuration, connection: Connection): ConnectionFinding[] {
  const { end_session_endpoint: signOut, revocation_endpoint: revoke } = provider.serverMetadata()
  const { sign_out, unlink } = leavingOf(connection)
  const quirks = quirksOf(connection.preset)
  const missing = [
    ...(sign_out && signOut === undefined && !quirks.signOutUrl ? ['sign_out: no end_session_endpoint'] : []),
    ...(unlink && revoke === undefined && !quirks.unlink ? ['unlink: no revocation_endpoint'] : []),
  ]
  return missing.map((what) =>
    warning('leaving', `the provider has no way for ${what}`, 'remove the setting; users are told'),
  )
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
