import { createSigner } from 'fast-jwt'
import type { Assurance } from '../domain/assurance.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'
import { createJwsVerifier, type VerificationKey } from './jws.ts'

export const accessTokenType = 'at+jwt'
const statusListType = 'statuslist+jwt'
const clockSkewSeconds = 60 // between nodes, for `iat` and `nbf` only; `exp` is exact

/** RFC 8693 §4.1: who acts, through which client, and who acted before. */
export interface Actor {
  sub: string
  client_id?: string
  act?: Actor
}

/**
 * RFC 9068 §2.2. Times are NumericDate: seconds. A program that acts for itself has no authenticated user and
 * no `sid`.
 */
export interface AccessTokenClaims {
  iss: string
  sub: string
  aud: string
  exp: number
  iat: number
  jti: string
  client_id: string
  scope: string
  auth_time?: number
  acr?: Assurance
  amr?: string[]
  /** The session, or the client's grant in it: the token ends with it. */
  sid?: string
  /** The organisation that the user acts for, and their roles in it. */
  org_id?: string
  org_roles?: string[]
  /** OAuth Token Status List §6.1. */
  status?: { status_list: { idx: number; uri: string } }
  /** RFC 9449 §6.1: the key that must be shown with it. */
  cnf?: { jkt: string }
  /** RFC 8693 §4.1: who acts for the subject. */
  act?: Actor
  /** The claims requested of userinfo by name (OIDC Core §5.5); the rest of the request is not kept. */
  claims?: { userinfo: Record<string, unknown> }
}

export type TokenFault = 'signature' | 'claims' | 'issuer' | 'audience' | 'expired' | 'not_yet_valid'
export type VerifiedToken = { ok: true; claims: AccessTokenClaims } | { ok: false; fault: TokenFault }

export type AccessTokenSigner = (claims: AccessTokenClaims) => string

/** OAuth Token Status List §5.1. */
export interface StatusListClaims {
  iss: string
  sub: string
  iat: number
  exp: number
  ttl: number
  status_list: { bits: 1; lst: string }
}

interface SignerKey {
  kid: string
  algorithm: SigningAlgorithm
  /** PKCS #8. */
  privatePem: string
}

/** Signs with one key. */
export const createAccessTokenSigner = (key: SignerKey): AccessTokenSigner =>
  signerOf<AccessTokenClaims>(key, accessTokenType)

/** The same, for lists of statuses. */
export const createStatusListSigner = (key: SignerKey): ((claims: StatusListClaims) => string) =>
  signerOf<StatusListClaims>(key, statusListType)

function signerOf<Claims>(
  { kid, algorithm, privatePem }: SignerKey,
  typ: string,
): (claims: Claims) => string {
  const sign = createSigner({ key: privatePem, algorithm, kid, header: { typ, alg: algorithm } })
  return (claims) => sign(claims as object)
}

/**
 * Verifies one issuer's access tokens for one audience; null means any (RFC 9068 §4). `now` in milliseconds.
 * Never throws, whatever the bytes.
 */
export function createAccessTokenVerifier({
  issuer,
  audience,
  keys,
}: {
  issuer: string
  audience: string | null
  keys: readonly VerificationKey[]
}): (token: string, now: number) => VerifiedToken {
  const verifyJws = createJwsVerifier({ type: accessTokenType, keys })
  return (token, now) => {
    const jws = verifyJws(token)
    if (!jws.ok) return { ok: false, fault: 'signature' }
    const claims = readClaims(jws.payload)
    if (!claims) return { ok: false, fault: 'claims' }
    if (claims.iss !== issuer) return { ok: false, fault: 'issuer' }
    if (audience !== null && claims.aud !== audience) return { ok: false, fault: 'audience' }
    if (claims.exp * 1000 <= now) return { ok: false, fault: 'expired' }
    const validFrom = Math.max(claims.iat, claims.nbf ?? 0)
    return (validFrom - clockSkewSeconds) * 1000 > now
      ? { ok: false, fault: 'not_yet_valid' }
      : { ok: true, claims }
  }
}

const texts = ['iss', 'sub', 'aud', 'jti', 'client_id', 'scope'] as const
const textsOfSession = ['acr', 'sid'] as const
const numbers = ['exp', 'iat'] as const

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
    textsOfSession.every((name) => claims[name] === undefined || typeof claims[name] === 'string') &&
    (claims.auth_time === undefined || Number.isFinite(claims.auth_time)) &&
    (claims.amr === undefined || Array.isArray(claims.amr)) &&
    (claims.nbf === undefined || Number.isFinite(claims.nbf))
  return complete ? (claims as unknown as AccessTokenClaims & { nbf?: number }) : undefined
}
