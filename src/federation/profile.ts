import type { Configuration } from 'openid-client'
import {
  type Connection,
  type ConnectionCall,
  UpstreamFault,
  type UpstreamIdentity,
} from '../domain/connection.ts'
import { domainOf, normalDomain } from '../domain/mail-domain.ts'
import { groupsIn } from './member-settings.ts'
import { openidClient } from './openid-client.ts'
import type { ProfileTools, Quirks, UpstreamClaims } from './presets/provider-preset.ts'
import { registeredAmr } from './registered-amr.ts'
import { okReply } from './upstream-fault.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

const subjectLengthMax = 255 // OIDC Core §2
const nameLengthMax = 100
const addressLengthMax = 254

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
  const read = (url: string, reply: Response): Promise<unknown> => okReply(url, reply).json()
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
  connection: Connection,
  { hasVerifiedEmail, isDirectory = () => false }: Quirks,
  claims: UpstreamClaims & { iss: string },
): Omit<UpstreamIdentity, 'tokens'> {
  const { emailTrust, assurance, domains, settings, organisationId } = connection
  const { email, name, email_verified: flag, amr } = claims
  const address = addressOf(email)
  const isVerified = {
    never: () => false,
    // LinkedIn and Apple send texts.
    flag: () => flag === true || flag === 'true',
    rule: () => hasVerifiedEmail?.(claims) ?? false,
  }[emailTrust]
  const isDenied = flag === false || flag === 'false'
  // An organisation's word counts for its own domains, and for no other.
  const isOwn = organisationId !== null || isDirectory === true || isDirectory(settings)
  const domain = address === null ? undefined : normalDomain(domainOf(address))
  const isInDomain = domain !== undefined && domains.includes(domain)
  const ownsEmail = isInDomain && (isVerified() || (isOwn && !isDenied))
  return {
    issuer: claims.iss,
    subject: subjectOf(claims.sub),
    email: address,
    emailVerified: ownsEmail || (organisationId === null && address !== null && isVerified()),
    ownsEmail,
    name: nameIn(name),
    groups: groupsIn(connection, claims),
    amr:
      assurance === 'map' && Array.isArray(amr)
        ? [...new Set(amr.filter((value): value is string => registeredAmr.includes(value)))]
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

/** One line, without control characters, by characters; empty if it is no text. */
const lineOf = (value: unknown): string[] =>
  typeof value === 'string' ? [...value.replaceAll(/\p{C}/gu, '').trim()] : []

/** Cut where it is too long. */
const nameIn = (value: unknown): string | null => lineOf(value).slice(0, nameLengthMax).join('') || null

/** Dropped where it is too long: a part of an address is another one. */
function addressOf(value: unknown): string | null {
  const line = lineOf(value)
  return line.length > addressLengthMax ? null : line.join('') || null
}
