import type { FastifyRequest } from 'fastify'
import type { AccessTokenClaims, SessionTokenClaims } from '../crypto/access-token.ts'
import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { Credential } from '../domain/credential.ts'
import { isAccountId, isSessionId, type SessionId } from '../domain/id.ts'
import type { Operation } from '../domain/policy-document.ts'
import { Problem } from '../domain/problem.ts'
import type { Session } from '../domain/session.ts'
import { checkBearerCredential, isBearerCredential } from '../engine/bearer-credential.ts'
import type { Engine } from '../engine/engine.ts'
import { accountScope } from '../engine/issue-tokens.ts'
import type { Requester } from '../engine/requester.ts'
import { requireEvidence } from '../engine/require-evidence.ts'
import { requesterOf } from './requester.ts'

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

/** Somebody's own token, and not one that an application or a program holds for something else. Throws `insufficient_scope`. */
export async function sessionClaimsOf(engine: Engine, request: FastifyRequest): Promise<SessionTokenClaims> {
  const claims = await claimsOf(engine, request)
  requireScope(claims.scope, accountScope)
  const { sub, sid } = claims
  if (!isAccountId(sub) || sid === undefined || !isSessionId(sid)) throw new Problem('invalid_token', { cause: 'no_session' })
  return { ...claims, sub, sid }
}

/** RFC 6750 §3.1. */
export function requireScope(held: string, needed: string): void {
  if (!held.split(' ').includes(needed)) throw new Problem('insufficient_scope', { extensions: { scope: needed } })
}

/** The account behind the token; one that was deleted a moment ago has no good token any more. */
export async function accountOf(
  engine: Engine,
  request: FastifyRequest,
): Promise<{ claims: SessionTokenClaims; account: AccountWithIdentifiers }> {
  const claims = await sessionClaimsOf(engine, request)
  const account = await engine.store.accounts.find(claims.sub)
  if (account?.state !== 'active') throw new Problem('invalid_token', { cause: 'account' })
  return { claims, account }
}

/** The same, also for a program that sends one of the account's keys with each request. */
export async function callerOf(
  engine: Engine,
  request: FastifyRequest,
): Promise<{ account: AccountWithIdentifiers; sid: SessionId | null }> {
  const token = bearerTokenOf(request)
  if (isBearerCredential(engine, token)) {
    const { account, scope } = await checkBearerCredential(engine, token)
    if (scope !== '') requireScope(scope, accountScope) // a key of no scope in particular may do what the account may
    return { account, sid: null }
  }
  const { claims, account } = await accountOf(engine, request)
  return { account, sid: claims.sid }
}

/** Whoever wants to change something that matters: their account and session, once they have proved enough, and lately. */
export async function ownerOf(
  engine: Engine,
  request: FastifyRequest,
  operation: Operation,
): Promise<{ account: AccountWithIdentifiers; session: Session; credentials: Credential[]; requester: Requester }> {
  if (isBearerCredential(engine, bearerTokenOf(request)))
    throw new Problem('insufficient_user_authentication', { detail: 'A key cannot do this' })
  const { claims, account } = await accountOf(engine, request)
  const { session, credentials } = await requireEvidence(engine, { sessionId: claims.sid, account, operation })
  return { account, session, credentials, requester: requesterOf(engine, request) }
}
