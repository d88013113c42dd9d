import type { AccessTokenClaims } from '../../crypto/access-token.ts'
import type { Account } from '../../domain/account.ts'
import { daysToMilliseconds, toNumericDate } from '../../domain/clock.ts'
import type { Evidence } from '../../domain/evidence.ts'
import { newSessionId } from '../../domain/id.ts'
import { type Decision, meetsRole } from '../../domain/policy.ts'
import { type AdminScope, roleScopes } from '../../domain/role.ts'
import { firstPartyClientId, type Session } from '../../domain/session.ts'
import { readStatus } from '../../domain/status.ts'
import { deviceOf, type Requester } from '../request-context.ts'
import type { SessionNeeds } from './needs.ts'

const jtiBytes = 16
const userAgentLengthMax = 256

/** OAuth 2.0 token response (RFC 6749 §5.1). */
export interface TokenPair {
  access_token: string
  token_type: 'bearer'
  /** Seconds. */
  expires_in: number
  refresh_token: string
  scope: string
}

/** Where a service looks up whether the token is revoked. */
export function statusClaim(issuer: string, status: string | null): Pick<AccessTokenClaims, 'status'> {
  if (status === null) return {}
  const { list, index } = readStatus(status)
  return { status: { status_list: { idx: index, uri: `${issuer}/oauth/status/${list}` } } }
}

/**
 * The administrative scopes that the account may use in this session: those of its role, if the session's
 * evidence meets what the role requires. The one rule for granting them.
 */
export const usableScopes = (
  { settings: { policy } }: Pick<SessionNeeds, 'settings'>,
  { account, session }: { account: Pick<Account, 'role' | 'state'>; session: Pick<Session, 'evidence'> },
): readonly AdminScope[] =>
  account.state === 'active' && meetsRole(policy, { role: account.role, evidence: session.evidence })
    ? roleScopes(account.role)
    : []

/** To read and change one's own account. */
export const accountScope = 'account'
const memberScopes = [accountScope]

/**
 * The part of the requested scope that this account may have (RFC 6749 §3.3); the member scopes by default.
 * Scopes of the role are withheld if the sign-in proved less than the role requires.
 */
function grantScope({
  account,
  isPrivileged,
  requested,
}: {
  account: Pick<Account, 'role'>
  isPrivileged: boolean
  requested: string | null
}): string {
  const allowed: readonly string[] = isPrivileged
    ? [...memberScopes, ...roleScopes(account.role)]
    : memberScopes
  const asked = (requested ?? '').split(' ').filter((scope) => allowed.includes(scope))
  return asked.length > 0 ? [...new Set(asked)].join(' ') : memberScopes.join(' ')
}

/** The common members of a new session. `status`: from `engine.statuses`, taken before the transaction. */
export function beginningSession(
  engine: SessionNeeds,
  { account, requester, status }: { account: Pick<Account, 'id'>; requester: Requester; status: string },
) {
  const { now } = requester
  return {
    id: newSessionId(engine),
    accountId: account.id,
    clientId: firstPartyClientId,
    authenticatedAt: now,
    device: deviceOf(requester),
    counter: 0,
    refreshedAt: now,
    usedAt: now,
    userAgent: requester.userAgent?.slice(0, userAgentLengthMax) ?? null,
    source: requester.source,
    status,
    createdAt: now,
    endedAt: null,
    ending: null,
    organisationId: null,
    organisationRoles: null,
  } satisfies Partial<Session>
}

/** A new session; the caller inserts it in the transaction that uses up its proof. */
export function newSession(
  engine: SessionNeeds,
  given: {
    account: Account
    decision: Extract<Decision, { outcome: 'satisfied' }>
    requester: Requester
    scope: string | null
    evidence: Evidence[]
    origin: Session['origin']
    status: string
  },
): Session {
  const { account, decision, scope, evidence, origin } = given
  const begun = beginningSession(engine, given)
  return {
    ...begun,
    scope: grantScope({ account, isPrivileged: decision.privileged, requested: scope }),
    acr: decision.acr,
    amr: decision.amr,
    evidence,
    origin,
    expiresAt: begun.createdAt + daysToMilliseconds(engine.settings.sessionDays),
  }
}

/** The session's current pair: an RFC 9068 access token and the current refresh token. */
export function tokensFor(engine: SessionNeeds, session: Session, now: number): TokenPair {
  const { acr, amr, authenticatedAt, counter } = session
  const seconds = engine.settings.accessTokenSeconds
  const authentication = { auth_time: toNumericDate(authenticatedAt), acr, amr }
  return {
    access_token: accessTokenFor(engine, { session, seconds, authentication, now }),
    token_type: 'bearer',
    expires_in: seconds,
    refresh_token: engine.refreshTokens.issue({ sessionId: session.id, counter }),
    scope: session.scope,
  }
}

/** A token for an API key: without authentication claims, and valid no longer than the key. */
export function tokenForKey(engine: SessionNeeds, session: Session, now: number): KeyToken {
  const left = Math.floor((session.expiresAt - now) / 1000)
  const seconds = Math.min(engine.settings.accessTokenSeconds, left)
  const access_token = accessTokenFor(engine, { session, seconds, authentication: {}, now })
  return { access_token, token_type: 'bearer', expires_in: seconds, scope: session.scope }
}

export type KeyToken = Omit<TokenPair, 'refresh_token'>

/** In whose name the user acts. */
export const organisationClaims = ({
  organisationId,
  organisationRoles,
}: Pick<Session, 'organisationId' | 'organisationRoles'>): Pick<AccessTokenClaims, 'org_id' | 'org_roles'> =>
  organisationId === null ? {} : { org_id: organisationId, org_roles: [...(organisationRoles ?? [])] }

function accessTokenFor(
  engine: SessionNeeds,
  given: {
    session: Session
    seconds: number
    authentication: Pick<AccessTokenClaims, 'auth_time' | 'acr' | 'amr'>
    now: number
  },
): string {
  const { session, seconds, authentication, now } = given
  const { issuer, audience } = engine.settings
  const iat = toNumericDate(now)
  return engine.keyRing.sign({
    iss: issuer,
    sub: session.accountId,
    aud: audience,
    exp: iat + seconds,
    iat,
    jti: engine.random.bytes(jtiBytes).toString('base64url'),
    client_id: session.clientId,
    scope: session.scope,
    ...authentication,
    ...organisationClaims(session),
    sid: session.id,
    ...statusClaim(issuer, session.status),
  })
}
