import { createSigner } from 'fast-jwt'
import type { Assurance } from '../domain/assurance.ts'
import type { AccountId, SessionId } from '../domain/id.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'
import { createJwsVerifier, type VerificationKey } from './jws.ts'

export const accessTokenType = 'at+jwt'
const clockSkewSeconds = 5 // between nodes, for `iat` and `nbf` only; `exp` is exact

/** RFC 9068 §2.2. Times are NumericDate: seconds. */
export interface AccessTokenClaims {
  iss: string
  sub: AccountId
  aud: string
  exp: number
  iat: number
  jti: string
  client_id: string
  scope: string
  auth_time: number
  acr: Assurance
  amr: string[]
  sid: SessionId
}

export type TokenFault = 'signature' | 'claims' | 'issuer' | 'audience' | 'expired' | 'not_yet_valid'
export type VerifiedToken = { ok: true; claims: AccessTokenClaims } | { ok: false; fault: TokenFault }

export type AccessTokenSigner = (claims: AccessTokenClaims) => string

/** Signs with one key; `privatePem` is PKCS #8. */
export function createAccessTokenSigner({
  kid,
  algorithm,
  privatePem,
}: {
  kid: string
  algorithm: SigningAlgorithm
  privatePem: string
}): AccessTokenSigner {
  const sign = createSigner({ key: privatePem, algorithm, kid, header: { typ: accessTokenType, alg: algorithm } })
  return (claims) => sign(claims)
}

/** Verifies one issuer's access tokens for one audience (RFC 9068 §4). `now` in milliseconds. Never throws, whatever the bytes. */
export function createAccessTokenVerifier({
  issuer,
  audience,
  keys,
}: {
  issuer: string
  audience: string
  keys: readonly VerificationKey[]
}): (token: string, now: number) => VerifiedToken {
  const verifyJws = createJwsVerifier({ type: accessTokenType, keys })
  return (token, now) => {
    const jws = verifyJws(token)
    if (!jws.ok) return { ok: false, fault: 'signature' }
    const claims = readClaims(jws.payload)
    if (!claims) return { ok: false, fault: 'claims' }
    if (claims.iss !== issuer) return { ok: false, fault: 'issuer' }
    if (claims.aud !== audience) return { ok: false, fault: 'audience' }
    if (claims.exp * 1000 <= now) return { ok: false, fault: 'expired' }
    const validFrom = Math.max(claims.iat, claims.nbf ?? 0)
    return (validFrom - clockSkewSeconds) * 1000 > now ? { ok: false, fault: 'not_yet_valid' } : { ok: true, claims }
  }
}

const texts = ['iss', 'sub', 'aud', 'jti', 'client_id', 'scope', 'acr', 'sid'] as const
const numbers = ['exp', 'iat', 'auth_time'] as const

function readClaims(payload: Buffer): (AccessTokenClaims & { nbf?: number }) | undefined {
  let claims: Record<string, unknown>
  try {
    claims = JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined
  const complete =
    texts.every((name) => typeof claims[name] === 'string') &&
    numbers.every((name) => Number.isFinite(claims[name])) &&
    Array.isArray(claims.amr) &&
    (claims.nbf === undefined || Number.isFinite(claims.nbf))
  return complete ? (claims as unknown as AccessTokenClaims & { nbf?: number }) : undefined
}
