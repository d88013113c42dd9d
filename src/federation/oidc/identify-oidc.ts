import type { Configuration } from 'openid-client'
import {
  type Connection,
  type ConnectionCall,
  type UpstreamAnswer,
  UpstreamFault,
  type UpstreamIdentity,
} from '../../domain/connection.ts'
import { quirksOf } from '../presets/index.ts'
import type { Quirks, UpstreamClaims } from '../presets/provider-preset.ts'
import type { OidcMemory } from './authorize-oidc.ts'
import { type OidcClients, openidClient } from './oidc-clients.ts'
import type { OidcSettings } from './oidc-settings.ts'
import { errorFault, faultOf } from './upstream-fault.ts'

const subjectLengthMax = 255 // OIDC Core §2
const nameLengthMax = 100
const addressLengthMax = 254
/** Registered by RFC 8176 §2; anything else a provider says means nothing here. */
const registered: ReadonlySet<string> = new Set(
  'face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia'.split(' '),
)

/**
 * Exchanges the code, and verifies the ID token: signature, issuer, audience, nonce, times (OIDC Core
 * §3.1.3.7). Throws UpstreamFault.
 */
export async function identifyOidc(
  clients: OidcClients,
  call: ConnectionCall,
  answer: UpstreamAnswer,
  memory: Record<string, unknown>,
): Promise<UpstreamIdentity> {
  if (answer.error !== undefined) throw errorFault(answer.error)
  const quirks = quirksOf(call.connection.preset)
  try {
    const provider = await clients(call)
    const { claims, accessToken } = await exchange(provider, {
      call,
      answer,
      memory: memory as OidcMemory,
      quirks,
    })
    const further = quirks.profile
      ? await profileOf(provider, { claims, accessToken, profile: quirks.profile })
      : await userinfoOf(provider, { claims, accessToken, connection: call.connection })
    const { iss, sub, amr } = claims
    return identityOf(call.connection, quirks, { ...claims, ...further, iss, sub, amr })
  } catch (error) {
    throw faultOf(error)
  }
}

async function exchange(
  provider: Configuration,
  {
    call: { callbackUrl },
    answer,
    memory: { state, verifier, nonce, maxAge },
    quirks,
  }: { call: ConnectionCall; answer: UpstreamAnswer; memory: OidcMemory; quirks: Quirks },
): Promise<{ claims: UpstreamClaims; accessToken: string }> {
  const { authorizationCodeGrant } = await openidClient()
  const url = new URL(callbackUrl)
  for (const name of ['state', 'code', 'iss'] as const)
    if (answer[name] !== undefined) url.searchParams.set(name, answer[name])
  const tokens = await authorizationCodeGrant(
    provider,
    url,
    {
      expectedState: state,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
      ...(nonce !== null && { expectedNonce: nonce }),
      ...(maxAge !== null && { maxAge }),
    },
    quirks.tokenParameters ?? {},
  )
  const claims = tokens.claims()
  if (!claims) throw new UpstreamFault('invalid', 'there is no ID token')
  return { claims, accessToken: tokens.access_token }
}

interface Known {
  claims: UpstreamClaims
  accessToken: string
}

/** What the scope asks for and the ID token lacks (OIDC Core §5.4). An address comes with its own flag. */
async function userinfoOf(
  provider: Configuration,
  { claims, accessToken, connection: { settings } }: Known & { connection: Connection },
): Promise<UpstreamClaims> {
  const scopes = (settings as OidcSettings).scope.split(' ')
  const lacksAddress = scopes.includes('email') && claims.email === undefined
  const lacksName = scopes.includes('profile') && claims.name === undefined
  if (provider.serverMetadata().userinfo_endpoint === undefined || !(lacksAddress || lacksName)) return {}
  const { fetchUserInfo } = await openidClient()
  const { name, email, email_verified } = await fetchUserInfo(provider, accessToken, String(claims.sub))
  return { ...(lacksName && { name }), ...(lacksAddress && { email, email_verified }) }
}

/** From where the preset says. */
async function profileOf(
  provider: Configuration,
  { claims, accessToken, profile }: Known & { profile: NonNullable<Quirks['profile']> },
): Promise<UpstreamClaims> {
  const { fetchProtectedResource } = await openidClient()
  const further = await profile({
    claims,
    userinfoEndpoint: provider.serverMetadata().userinfo_endpoint,
    async fetchJson(url) {
      const reply = await fetchProtectedResource(provider, accessToken, new URL(url), 'GET')
      if (!reply.ok) throw new UpstreamFault('unavailable', `${url} answered ${reply.status}`)
      return reply.json()
    },
  })
  // Another user's profile (token substitution, OIDC Core §5.3.2).
  if (further.sub !== undefined && further.sub !== claims.sub)
    throw new UpstreamFault('invalid', 'the profile is of another subject')
  return further
}

function identityOf(
  { emailTrust, assurance }: Connection,
  { hasVerifiedEmail }: Quirks,
  claims: UpstreamClaims,
): UpstreamIdentity {
  const { iss, sub, email, name, email_verified: flag, amr } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || sub.length > subjectLengthMax)
    throw new UpstreamFault('invalid', 'the subject is not a text of 1 to 255 characters')
  const address = text(email, addressLengthMax)
  const isVerified = {
    never: () => false,
    // LinkedIn and Apple send texts.
    flag: () => flag === true || flag === 'true',
    rule: () => hasVerifiedEmail?.(claims) ?? false,
  }[emailTrust]
  return {
    issuer: iss,
    subject: sub,
    email: address,
    emailVerified: address !== null && isVerified(),
    name: text(name, nameLengthMax),
    amr:
      assurance === 'map' && Array.isArray(amr)
        ? [...new Set(amr.filter((value): value is string => registered.has(value)))]
        : [],
  }
}

/** One line, without control characters; too long a text is cut, and one for an address dropped. */
function text(value: unknown, lengthMax: number): string | null {
  if (typeof value !== 'string') return null
  const line = value.replaceAll(/\p{C}/gu, '').trim()
  if (line === '') return null
  if ([...line].length <= lengthMax) return line
  return lengthMax === addressLengthMax ? null : [...line].slice(0, lengthMax).join('')
}
