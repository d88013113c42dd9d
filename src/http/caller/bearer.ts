import type { FastifyRequest } from 'fastify'
import type { AccessTokenClaims } from '../../crypto/access-token.ts'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { type AccountId, type GrantId, isAccountId, isSessionId, type SessionId } from '../../domain/id.ts'
import type { Operation } from '../../domain/policy-document.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { checkBearerCredential, isBearerCredential } from '../../engine/credentials/bearer-credential.ts'
import type { Engine } from '../../engine/engine.ts'
import { requireEvidence } from '../../engine/policy/require-evidence.ts'
import type { Requester } from '../../engine/request-context.ts'
import { actingUnder } from '../../engine/sessions/authority.ts'
import { accountScope } from '../../engine/sessions/issue-tokens.ts'
import { liveness } from '../../engine/sessions/live-session.ts'
import { requesterOf, sourceOf } from './requester.ts'

/** The token of `Authorization: Bearer …` (RFC 6750 §2.1). Throws `not_authenticated` if there is none. */
export function bearerTokenOf({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ')
    throw new Problem('not_authenticated')
  return authorization.slice(7).trim()
}

/** The claims of the access token. Throws `not_authenticated`, `invalid_token`, `database_unavailable`. */
export async function bearerClaims(engine: Engine, request: FastifyRequest): Promise<AccessTokenClaims> {
  const token = bearerTokenOf(request)
  await engine.authenticator.ready()
  return engine.authenticator.check(token)
}

/** RFC 6750 §3.1. */
export function requireScope(held: string, needed: string): void {
  if (!held.split(' ').includes(needed))
    throw new Problem('insufficient_scope', { extensions: { scope: needed } })
}

/** A caller about their own account. */
export interface Caller {
  account: AccountWithIdentifiers
  /** Null if an application or an API key calls for them. */
  sid: SessionId | null
  /** The engine under the caller's authority: each write locks it first. */
  acting: Engine
}

/**
 * The account behind the token: of a session, of an application with the scope `account`, or of an API key.
 * Tokens of a deleted account are refused. Throws `not_authenticated`, `invalid_token`, `insufficient_scope`.
 */
export async function callerOf(engine: Engine, request: FastifyRequest): Promise<Caller> {
  const token = bearerTokenOf(request)
  if (isBearerCredential(engine, token)) {
    const { account, scope, credentialId } = await checkBearerCredential(engine, token, sourceOf(request))
    // a key without scope may do what the account may
    if (scope !== '') requireScope(scope, accountScope)
    return {
      account,
      sid: null,
      acting: actingUnder(engine, { key: { accountId: account.id, credentialId } }),
    }
  }
  const claims = await bearerClaims(engine, request)
  requireScope(claims.scope, accountScope)
  const { sub, sid, acr } = claims
  if (sid !== undefined && isSessionId(sid) && isAccountId(sub)) {
    const account = await activeAccount(engine, sub)
    // A key's token has no authenticated user.
    return {
      account,
      sid: acr === undefined ? null : sid,
      acting: actingUnder(engine, { owner: { accountId: account.id, sessionId: sid } }),
    }
  }
  const grant =
    sid === undefined
      ? undefined
      : await engine.store.grants.find({ id: sid as GrantId, ...liveness(engine) })
  if (!grant) throw new Problem('invalid_token', { cause: 'no_session' })
  const account = await activeAccount(engine, grant.accountId)
  return {
    account,
    sid: null,
    acting: actingUnder(engine, { grant: { accountId: account.id, grantId: grant.id } }),
  }
}

async function activeAccount(engine: Engine, id: AccountId): Promise<AccountWithIdentifiers> {
  const account = await engine.store.accounts.find(id)
  if (account?.state !== 'active') throw new Problem('invalid_token', { cause: 'account' })
  return account
}

/** A user with their own session; applications and API keys may only read. */
export async function accountOf(
  engine: Engine,
  request: FastifyRequest,
): Promise<Caller & { sid: SessionId }> {
  const caller = await callerOf(engine, request)
  if (caller.sid === null)
    throw new Problem('insufficient_user_authentication', {
      detail: 'Only the user can do this, signed in to this server',
    })
  return { ...caller, sid: caller.sid }
}

/** A caller with recent evidence for a sensitive change. */
export interface Owner extends Caller {
  session: Session
  credentials: Credential[]
  requester: Requester
}

export async function ownerOf(engine: Engine, request: FastifyRequest, operation: Operation): Promise<Owner> {
  const caller = await accountOf(engine, request)
  const requester = requesterOf(engine, request)
  const about = { sessionId: caller.sid, account: caller.account, operation, now: requester.now }
  return { ...caller, ...(await requireEvidence(engine, about)), requester }
}
