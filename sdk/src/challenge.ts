import type { AccessTokenClaims } from './claims.ts'
import { TokenError } from './errors.ts'
import type { Requirements, Verifier } from './verifier.ts'

/** The parts of a request that an adapter reads. */
export interface IncomingCall {
  method: string
  /** The full URL as the caller used it: behind a proxy, the public one. */
  url: string
  authorization: string | null | undefined
  dpop: string | null | undefined
}

export interface GuardOptions extends Omit<Requirements, 'dpop'> {
  verifier: Verifier
  /** The URL of the protected resource metadata (RFC 9728 §3); named in challenges. */
  resourceMetadata?: string
}

/** The reply to send if the token was refused. */
export interface Refusal {
  status: 401 | 403 | 503
  headers: Record<string, string>
  body: { type: string; title: string; status: number; code: string }
}

export type Guarded = { claims: AccessTokenClaims } | { refusal: Refusal }

const titles: Readonly<Record<Refusal['status'], string>> = {
  401: 'A valid access token is required',
  403: 'The access token lacks the required scope or assurance',
  503: 'The issuer of access tokens cannot be reached',
}

/** Checks one request; every adapter is a few lines around this. */
export async function guard(
  call: IncomingCall,
  { verifier, resourceMetadata, ...requirements }: GuardOptions,
): Promise<Guarded> {
  try {
    const [, scheme = '', token = ''] = /^(Bearer|DPoP) +(\S+)$/i.exec(call.authorization ?? '') ?? []
    if (token === '') throw new TokenError('missing')
    const isBound = scheme.toLowerCase() === 'dpop'
    const dpop = isBound ? { proof: call.dpop ?? '', method: call.method, url: call.url } : undefined
    return { claims: await verifier.verify(token, { ...requirements, ...(dpop && { dpop }) }) }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return { refusal: refusalOf(error, resourceMetadata) }
  }
}

function refusalOf(error: TokenError, resourceMetadata: string | undefined): Refusal {
  const { status } = error
  const body = { type: `urn:sumun:token:${error.code}`, title: titles[status], status, code: error.code }
  const common = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  if (status === 503) return { status, headers: { ...common, 'retry-after': '1' }, body }
  return { status, headers: { ...common, 'www-authenticate': challengeOf(error, resourceMetadata) }, body }
}

/** RFC 6750 §3, RFC 9470 §3, RFC 9728 §5.1. Without a token no error code is sent (RFC 6750 §3.1). */
function challengeOf({ code, wanted }: TokenError, resourceMetadata: string | undefined): string {
  const error =
    code === 'insufficient_scope' || code === 'insufficient_user_authentication' ? code : 'invalid_token'
  const parameters = {
    ...(code !== 'missing' && { error: code === 'proof' ? 'invalid_dpop_proof' : error }),
    ...wanted,
    ...(resourceMetadata !== undefined && { resource_metadata: resourceMetadata }),
  }
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')
  return `${code === 'proof' ? 'DPoP' : 'Bearer'}${text === '' ? '' : ` ${text}`}`
}

/** The document at `/.well-known/oauth-protected-resource` (RFC 9728 §2). */
export const resourceMetadata = (given: {
  resource: string
  issuer: string
  scopes?: readonly string[]
}) => ({
  resource: given.resource,
  authorization_servers: [given.issuer],
  bearer_methods_supported: ['header'],
  dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
  ...(given.scopes && { scopes_supported: [...given.scopes] }),
})
