import { type AccessTokenClaims, type Assurance, readClaims } from './claims.ts'
import { createProofCheck, type DpopProof } from './dpop.ts'
import { TokenError } from './errors.ts'
import { isSignedBy, parseJws } from './jws.ts'
import { createKeySet, type Fetch } from './key-set.ts'
import { createStatusLists } from './status-lists.ts'

const clockSkewSeconds = 60 // the clock skew of two machines with NTP
const seenMax = 10_000
const assurances: readonly Assurance[] = ['aal1', 'aal2', 'aal3']

export interface VerifierOptions {
  /** As in the tokens' `iss`, to the letter, such as `https://id.example.com`. */
  issuer: string
  /** This API: the tokens' `aud`. */
  audience: string
  fetch?: Fetch
  /** In milliseconds. */
  now?: () => number
}

/** Requirements beyond a valid token. */
export interface Requirements {
  /** All of these scopes, separated by spaces. */
  scope?: string
  /** At least this level. */
  acr?: Assurance
  /** The maximum age of the authentication, in seconds. */
  maxAge?: number
  /** The DPoP proof of a bound token. */
  dpop?: DpopProof
}

export interface Verifier {
  /** Throws TokenError. Calls the issuer only for keys and status lists, at most every few seconds. */
  verify(token: string, requirements?: Requirements): Promise<AccessTokenClaims>
}

/** Verifies access tokens locally (RFC 9068 §4): signature, issuer, audience, time, revocation. */
export function createVerifier({
  issuer,
  audience,
  fetch = globalThis.fetch,
  now = Date.now,
}: VerifierOptions): Verifier {
  const keys = createKeySet({ issuer, fetch, now })
  const lists = createStatusLists({ issuer, keys, fetch, now })
  const checkProof = createProofCheck(now)
  const seen = new Map<string, AccessTokenClaims>()

  async function readNew(token: string): Promise<AccessTokenClaims> {
    const jws = parseJws(token)
    if (jws?.typ !== 'at+jwt') throw new TokenError('malformed')
    const found = keys.find(jws.kid)
    const key = found instanceof Promise ? await found : found
    if (!key || !isSignedBy(jws, key)) throw new TokenError('signature')
    const claims = readClaims(jws.payload)
    if (!claims) throw new TokenError('malformed')
    if (claims.iss !== issuer) throw new TokenError('issuer')
    if (claims.aud !== audience) throw new TokenError('audience')
    if ((claims.iat - clockSkewSeconds) * 1000 > now()) throw new TokenError('not_yet_valid')
    if (seen.size >= seenMax) seen.delete(seen.keys().next().value as string)
    seen.set(token, claims)
    return claims
  }

  return {
    async verify(token, requirements) {
      const claims = seen.get(token) ?? (await readNew(token))
      if (claims.exp * 1000 <= now()) {
        seen.delete(token)
        throw new TokenError('expired')
      }
      if (claims.status) {
        const revoked = lists.isRevoked(claims.status.status_list)
        if (typeof revoked === 'boolean' ? revoked : await revoked) throw new TokenError('revoked')
      }
      if (claims.cnf || requirements?.dpop) {
        if (!claims.cnf || !requirements?.dpop) throw new TokenError('proof')
        checkProof({ ...requirements.dpop, token, thumbprint: claims.cnf.jkt })
      }
      if (requirements) demand(claims, requirements, now() / 1000)
      return claims
    },
  }
}

function demand(claims: AccessTokenClaims, { scope, acr, maxAge }: Requirements, seconds: number): void {
  if (scope !== undefined) {
    const held = claims.scope.split(' ')
    if (!scope.split(' ').every((one) => held.includes(one)))
      throw new TokenError('insufficient_scope', { scope })
  }
  const isWeak = acr !== undefined && assurances.indexOf(claims.acr as Assurance) < assurances.indexOf(acr)
  const isOld =
    maxAge !== undefined && (claims.auth_time === undefined || seconds - claims.auth_time > maxAge)
  if (isWeak || isOld)
    throw new TokenError('insufficient_user_authentication', {
      ...(acr !== undefined && { acr_values: acr }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
    })
}
