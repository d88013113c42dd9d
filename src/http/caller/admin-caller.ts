import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccountId, type GrantId, isSessionId } from '../../domain/id.ts'
import { roleRequirement } from '../../domain/policy.ts'
import { Problem } from '../../domain/problem.ts'
import { type AdminDeed, adminDeeds, adminScope, holdsAny, roleScopes } from '../../domain/role.ts'
import type { Session } from '../../domain/session.ts'
import type { Engine } from '../../engine/engine.ts'
import { requireEvidence } from '../../engine/policy/require-evidence.ts'
import { actingUnder } from '../../engine/sessions/authority.ts'
import { usableScopes } from '../../engine/sessions/issue-tokens.ts'
import { findLiveSession, liveness } from '../../engine/sessions/live-session.ts'
import { bearerClaims } from './bearer.ts'
import { requesterOf } from './requester.ts'

/** The administrator: the actor for the audit log, and the engine under their authority. */
export interface AdminCaller {
  actor: string
  acting: Engine
}

/**
 * An administrator with a token of a scope that allows the deed, or a client with such a scope. The session
 * must satisfy the current policy for the role; a change needs recent evidence (RFC 9470), which a program
 * cannot give. A helper changes ordinary accounts only: `helped` is the one that the route names. Throws
 * `insufficient_scope`, `insufficient_user_authentication`, `invalid_token`.
 */
export async function adminCaller(
  engine: Engine,
  request: FastifyRequest,
  deed: AdminDeed,
): Promise<AdminCaller> {
  const { scope, sub, sid } = await bearerClaims(engine, request)
  const carried = adminDeeds[deed].filter((one) => scope.split(' ').includes(one))
  if (carried.length === 0)
    throw new Problem('insufficient_scope', { extensions: { scope: adminDeeds[deed][0] } })
  const isHelper = deed === 'helps' && !carried.includes(adminScope as never)
  if (sid === undefined) {
    if (isHelper) throw new Problem('insufficient_scope', { extensions: { scope: adminScope } })
    return { actor: sub, acting: engine }
  }
  const { now } = requesterOf(engine, request)
  const session = await sessionOfToken(engine, { sid, now })
  const account = session && (await engine.store.accounts.find(session.accountId))
  if (!session || account?.state !== 'active' || !holdsAny(roleScopes(account.role), carried))
    throw new Problem('invalid_token', { cause: 'no_operator' })
  if (!holdsAny(usableScopes(engine, { account, session }), carried)) {
    const acr = roleRequirement(engine.settings.policy, account.role)?.acr
    throw new Problem('insufficient_user_authentication', { ...(acr && { extensions: { acr_values: acr } }) })
  }
  if (deed === 'changes' || deed === 'helps')
    await requireEvidence(engine, { sessionId: session.id, account, operation: 'account', now })
  const helped = isHelper ? (request.params as { id: AccountId }).id : null
  return {
    actor: account.id,
    acting: actingUnder(engine, {
      operator: { accountId: account.id, sessionId: session.id, scopes: carried, helped },
    }),
  }
}

/** The session, also for an application's token; undefined if it has ended. */
async function sessionOfToken(
  engine: Engine,
  { sid, now }: { sid: string; now: number },
): Promise<Session | undefined> {
  if (isSessionId(sid)) return findLiveSession(engine, { id: sid, now })
  const grant = await engine.store.grants.find({ id: sid as GrantId, ...liveness(engine) })
  return grant && findLiveSession(engine, { id: grant.sessionId, now })
}

/** Sends the revision as ETag (RFC 9110 §8.8.3). */
export const sendRevision = (reply: FastifyReply, revision: number): FastifyReply =>
  reply.header('etag', `"${revision}"`)

/** The revision of If-Match (RFC 9110 §13.1.1); null if absent. Throws `precondition_failed`. */
export function wantedRevision({ headers }: FastifyRequest): number | null {
  const given = headers['if-match']
  if (given === undefined || given === '*') return null
  const number = /^"(\d{1,15})"$/.exec(given)?.[1]
  if (number === undefined) throw new Problem('precondition_failed')
  return Number(number)
}
