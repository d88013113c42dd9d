import type { Configuration } from 'openid-client'
import {
  type Connection,
  type ConnectionCall,
  UpstreamFault,
  type UpstreamIdentity,
} from '../domain/connection.ts'
import { openidClient } from './openid-client.ts'
import type { ProfileTools, Quirks, UpstreamClaims } from './presets/provider-preset.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

const subjectLengthMax = 255 // OIDC Core §2
const nameLengthMax = 100
const addressLengthMax = 254
/** Registered by RFC 8176 §2; anything else a provider says means nothing here. */
const registered: ReadonlySet<string> = new Set(
  'face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia'.split(' '),
)

/** What a preset's `profile` is given. */
export function profileTools(
  provider: Configuration,
  given: {
    call: ConnectionCall
    fetch: UpstreamFetch
    accessToken: string
    claims: UpstreamClaims
    /** What the browser brought beside the code; not signed. */
    unsigned: string | undefined
    endpoint: string | undefined
  },
): ProfileTools {
  const { call, fetch: upstreamFetch, accessToken, claims, unsigned, endpoint } = given
  const read = async (url: string, reply: Response): Promise<unknown> => {
    if (!reply.ok) throw new UpstreamFault('unavailable', `${new URL(url).pathname} answered ${reply.status}`)
    return reply.json()
  }
  return {
    ...{ claims, unsigned, endpoint, accessToken },
    clientId: call.connection.clientId,
    async fetchJson(url) {
      const { fetchProtectedResource } = await openidClient()
      return read(url, await fetchProtectedResource(provider, accessToken, new URL(url), 'GET'))
    },
    postJson: async (url, headers, body) =>
      read(
        url,
        await upstreamFetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
  }
}

/** Throws UpstreamFault if there is no usable subject. */
export function identityOf(
  { emailTrust, assurance }: Connection,
  { hasVerifiedEmail }: Quirks,
  claims: UpstreamClaims & { iss: string },
): UpstreamIdentity {
  const { email, name, email_verified: flag, amr } = claims
  const address = text(email, addressLengthMax)
  const isVerified = {
    never: () => false,
    // LinkedIn and Apple send texts.
    flag: () => flag === true || flag === 'true',
    rule: () => hasVerifiedEmail?.(claims) ?? false,
  }[emailTrust]
  return {
    issuer: claims.iss,
    subject: subjectOf(claims.sub),
    email: address,
    emailVerified: address !== null && isVerified(),
    name: text(name, nameLengthMax),
    amr:
      assurance === 'map' && Array.isArray(amr)
        ? [...new Set(amr.filter((value): value is string => registered.has(value)))]
        : [],
  }
}

/** A number beyond 2^53 has lost digits, and could be that of another user. */
function subjectOf(sub: unknown): string {
  const subject = Number.isSafeInteger(sub) ? String(sub) : sub
  if (typeof subject === 'string' && subject.trim() !== '' && subject.length <= subjectLengthMax)
    return subject
  throw new UpstreamFault('invalid', 'the subject is not a text of 1 to 255 characters')
}

/** One line, without control characters; too long a text is cut, and one for an address dropped. */
function text(value: unknown, lengthMax: number): string | null {
  if (typeof value !== 'string') return null
  const line = value.replaceAll(/\p{C}/gu, '').trim()
  if (line === '') return null
  if ([...line].length <= lengthMax) return line
  return lengthMax === addressLengthMax ? null : [...line].slice(0, lengthMax).join('')
}
