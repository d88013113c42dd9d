import type { FastifyRequest } from 'fastify'
import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { AccountWithIdentifiers } from '../domain/account.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from '../engine/engine.ts'

/** The token of `Authorization: Bearer …` (RFC 6750 §2.1). Throws `not_authenticated` where there is none. */
export function bearerTokenOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') throw new Problem('not_authenticated')
  return authorization.slice(7).trim()
}

/** Whose token it is. Throws `not_authenticated`, `invalid_token`, `database_unavailable`. */
export async function claimsOf(engine: Engine, request: FastifyRequest): Promise<AccessTokenClaims> {
  const token = bearerTokenOf(request)
  await engine.authenticator.ready()
  return engine.authenticator.check(token)
}

/** The account behind the token; one that was deleted a moment ago has no good token any more. */
export async function accountOf(
  engine: Engine,
  request: FastifyRequest,
): Promise<{ claims: AccessTokenClaims; account: AccountWithIdentifiers }> {
  const claims = await claimsOf(engine, request)
  const account = await engine.store.accounts.find(claims.sub)
  if (account?.state !== 'active') throw new Problem('invalid_token', { cause: 'account' })
  return { claims, account }
}

/** Where something is at stake, an old sign-in is not enough (RFC 9470). Throws `insufficient_user_authentication`. */
export function requireRecentEvidence(engine: Engine, claims: AccessTokenClaims): void {
  const maxAge = engine.settings.policy.sensitive.evidenceAgeSecondsMax
  if (engine.clock.now() - claims.auth_time * 1000 <= maxAge * 1000) return
  throw new Problem('insufficient_user_authentication', {
    detail: `Sign in again; the last sign-in must be younger than ${maxAge} s`,
    extensions: { max_age: maxAge },
  })
}
