import type { FastifyRequest } from 'fastify'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { OrganisationId, SessionId } from '../../domain/id.ts'
import type { Membership, Organisation } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import type { Engine } from '../../engine/engine.ts'
import { requireEvidence } from '../../engine/policy/require-evidence.ts'
import { actingUnder } from '../../engine/sessions/authority.ts'
import { accountOf } from './bearer.ts'
import { requesterOf } from './requester.ts'

/** `looks`: any member. `reads`, `changes`: an admin of the organisation; a change needs recent evidence. */
export type MemberDeed = 'looks' | 'reads' | 'changes'

export interface MemberCaller {
  /** For the audit log. */
  actor: string
  acting: Engine
  organisation: Organisation
  membership: Membership
  account: AccountWithIdentifiers
  sid: SessionId
}

/**
 * A member of the organisation that the route names as `id`, with their own session. Throws what
 * `membershipOf` throws, and `insufficient_user_authentication`.
 */
export async function memberCaller(
  engine: Engine,
  request: FastifyRequest,
  deed: MemberDeed,
): Promise<MemberCaller> {
  const { account, sid } = await accountOf(engine, request)
  const { id } = request.params as { id: OrganisationId }
  const caller = await membershipOf(engine, { account, sid, id, deed })
  const { now } = requesterOf(engine, request)
  if (deed === 'changes')
    await requireEvidence(engine, { sessionId: sid, account, operation: 'account', now })
  return caller
}

/** To anyone but its members an organisation does not exist. Throws `not_found`, `admin_role_required`. */
export async function membershipOf(
  engine: Engine,
  given: { account: AccountWithIdentifiers; sid: SessionId; id: OrganisationId; deed: MemberDeed },
): Promise<MemberCaller> {
  const { account, sid, id, deed } = given
  const organisation = await engine.store.organisations.find(id)
  const key = { organisationId: id, accountId: account.id }
  const membership = organisation?.state === 'active' && (await engine.store.memberships.find(key))
  if (!organisation || !membership) throw new Problem('not_found')
  if (deed !== 'looks' && !membership.isAdmin) throw new Problem('admin_role_required')
  const acting = actingUnder(engine, { organisationAdmin: { ...key, sessionId: sid } })
  return { actor: account.id, acting, organisation, membership, account, sid }
}
