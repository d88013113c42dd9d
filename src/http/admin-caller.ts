import type { FastifyReply, FastifyRequest } from 'fastify'
import { type GrantId, isAccountId, isSessionId, type SessionId } from '../domain/id.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from '../engine/engine.ts'
import { adminReadScope, adminScope } from '../engine/issue-tokens.ts'
import { requireEvidence } from '../engine/require-evidence.ts'
import { claimsOf, requireScope } from './bearer.ts'

/**
 * Who administers: an operator with a token of that scope, or a program that an operator gave it to. Somebody who changes something
 * has proved lately who they are (RFC 9470); a program cannot. Returns what the audit log calls them. Throws `insufficient_scope`,
 * `insufficient_user_authentication`, `invalid_token`.
 */
export async function adminCaller(engine: Engine, request: FastifyRequest, does: 'reads' | 'changes'): Promise<string> {
  const claims = await claimsOf(engine, request)
  const { scope, sub, sid } = claims
  if (does === 'changes' || !scope.split(' ').includes(adminReadScope)) requireScope(scope, adminScope)
  if (sid === undefined) return sub
  const account = isAccountId(sub) ? await engine.store.accounts.find(sub) : undefined
  if (account?.state !== 'active' || account.role !== 'operator') throw new Problem('invalid_token', { cause: 'no_operator' })
  if (does === 'changes') {
    await requireEvidence(engine, { sessionId: await sessionOf(engine, sid), account, operation: 'account' })
  }
  return account.id
}

/** The session itself, also for the token of an application. */
async function sessionOf(engine: Engine, sid: string): Promise<SessionId> {
  if (isSessionId(sid)) return sid
  const grant = await engine.store.grants.find(sid as GrantId)
  if (!grant) throw new Problem('invalid_token', { cause: 'grant' })
  return grant.sessionId
}

/** RFC 9110 §8.8.3: which state of a resource this is. */
export const sendRevision = (reply: FastifyReply, revision: number): FastifyReply => reply.header('etag', `"${revision}"`)

/** RFC 9110 §13.1.1: the state that the caller wants to change; null where they do not care. Throws `precondition_failed`. */
export function wantedRevision({ headers }: FastifyRequest): number | null {
  const given = headers['if-match']
  if (given === undefined || given === '*') return null
  const number = /^"(\d{1,15})"$/.exec(given)?.[1]
  if (number === undefined) throw new Problem('precondition_failed')
  return Number(number)
}
