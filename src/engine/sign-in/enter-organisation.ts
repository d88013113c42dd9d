import type { AccountWithIdentifiers } from '../../domain/account.ts'
import { hoursToMilliseconds } from '../../domain/clock.ts'
import { newSessionId } from '../../domain/id.ts'
import type { Organisation } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import { firstPartyClientId, type Session } from '../../domain/session.ts'
import { isSessionEnough } from '../policy/session-satisfies.ts'
import type { Requester } from '../request-context.ts'
import { accountScope, type TokenPair, tokensFor } from '../sessions/issue-tokens.ts'
import type { SignInNeeds } from './needs.ts'

/** When a sign-in is too old for an organisation, in milliseconds since the epoch. */
export const organisationEnd = (
  { policy: { sessionHoursMax } }: Pick<Organisation, 'policy'>,
  { authenticatedAt, expiresAt }: Pick<Session, 'authenticatedAt' | 'expiresAt'>,
): number =>
  sessionHoursMax === undefined
    ? expiresAt
    : Math.min(expiresAt, authenticatedAt + hoursToMilliseconds(sessionHoursMax))

/**
 * A further session of the user, for one organisation: its tokens carry `org_id` and `org_roles`. It rests on
 * what the current session proved. Throws `insufficient_user_authentication` if that is not enough for the
 * organisation, `invalid_token` if the session has ended.
 */
export async function enterOrganisation(
  engine: SignInNeeds,
  given: {
    account: AccountWithIdentifiers
    session: Session
    organisation: Organisation
    requester: Requester
  },
): Promise<TokenPair> {
  const { account, session, organisation, requester } = given
  const { now } = requester
  const about = { clientId: firstPartyClientId, acr: null, organisationId: organisation.id, now }
  if (!(await isSessionEnough(engine, session, about))) throw notEnough(organisation)
  const status = await engine.statuses.next('session')
  const key = { organisationId: organisation.id, accountId: account.id }
  const entered = await engine.store.transaction(async (tx) => {
    // Locked and read again: a role that was taken meanwhile is not in the tokens.
    await tx.organisations.lockForUpdate(organisation.id)
    const [current, membership] = [
      await tx.organisations.find(organisation.id),
      await tx.memberships.find(key),
    ]
    if (current?.state !== 'active' || !membership) throw new Problem('not_found')
    const next: Session = {
      ...session,
      ...{ id: newSessionId(engine), counter: 0, status, createdAt: now, refreshedAt: now, usedAt: now },
      ...{ organisationId: organisation.id, organisationRoles: membership.roles, scope: accountScope },
      expiresAt: organisationEnd(current, session),
    }
    await tx.sessions.insert(next)
    const details = { session: next.id, organisation: organisation.id, source: requester.source }
    await engine.audit.record(tx, {
      ...{ kind: 'organisation.entered', actor: account.id, subject: account.id, details },
    })
    return next
  })
  return tokensFor(engine, entered, now)
}

function notEnough({ policy: { acr, sessionHoursMax } }: Organisation): Problem {
  return new Problem('insufficient_user_authentication', {
    detail: 'The organisation asks for more than this session has proved. Step up, then try again.',
    extensions: {
      ...(acr !== undefined && { acr_values: acr }),
      ...(sessionHoursMax !== undefined && { max_age: sessionHoursMax * 3600 }),
    },
  })
}
