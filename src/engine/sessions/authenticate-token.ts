import type { AccessTokenClaims } from '../../crypto/access-token.ts'
import type { Clock } from '../../domain/clock.ts'
import { Problem } from '../../domain/problem.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { RevocationFeed } from './revocation-feed.ts'

const tokensKeptMax = 8192 // about 1 kB each

/** Verifies access tokens for this server. Verified tokens are cached until they expire or are revoked. */
export interface Authenticator {
  /** Throws `invalid_token`. Call `ready` first. */
  check(token: string): AccessTokenClaims
  /**
   * Undefined if the known revocations are fresh; otherwise a promise, which rejects with
   * `database_unavailable`.
   */
  ready(): Promise<void> | undefined
}

export function createAuthenticator({
  keyRing,
  revocations,
  clock,
}: {
  keyRing: KeyRing
  revocations: RevocationFeed
  clock: Clock
}): Authenticator {
  const seen = new Map<string, AccessTokenClaims>()
  let verifiedWith = keyRing.jwks()

  function verify(token: string, now: number): AccessTokenClaims {
    const verified = keyRing.verify(token, now)
    if (!verified.ok) throw new Problem('invalid_token', { cause: verified.fault })
    // not valid as a bearer token (RFC 9449 §7.2)
    if (verified.claims.cnf) throw new Problem('invalid_token', { cause: 'sender_constrained' })
    if (seen.size >= tokensKeptMax) seen.delete(seen.keys().next().value as string)
    seen.set(token, verified.claims)
    return verified.claims
  }

  return {
    check(token) {
      const now = clock.now()
      if (verifiedWith !== keyRing.jwks()) {
        seen.clear() // a key may have been revoked
        verifiedWith = keyRing.jwks()
      }
      const claims = seen.get(token) ?? verify(token, now)
      if (claims.exp * 1000 <= now) {
        seen.delete(token)
        throw new Problem('invalid_token', { cause: 'expired' })
      }
      if (revocations.isRevoked(claims.sid ?? claims.jti))
        throw new Problem('invalid_token', { cause: 'revoked' })
      return claims
    },
    ready: () => revocations.freshen(),
  }
}
