import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { Account } from '../domain/account.ts'
import { type Assurance, isAtLeast } from '../domain/assurance.ts'
import { toNumericDate } from '../domain/clock.ts'
import type { Evidence } from '../domain/evidence.ts'
import { newSessionId } from '../domain/id.ts'
import type { Decision } from '../domain/policy.ts'
import { firstPartyClientId, type Session } from '../domain/session.ts'
import { readStatus } from '../domain/status.ts'
import { daysToMilliseconds, type Engine } from './engine.ts'
import { deviceOf, type Requester } from './requester.ts'

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

/** Where whoever checks the token sees whether it is still good. */
export function statusClaim(issuer: string, status: string | null): Pick<AccessTokenClaims, 'status'> {
  if (status === null) return {}
  const { list, index } = readStatus(status)
  return { status: { status_list: { idx: index, uri: `${issuer}/oauth/status/${list}` } } }
}

/** To read and change one's own account. */
export const accountScope = 'account'
const memberScopes = [accountScope]
/** To administer this server; to look only. */
export const adminScope = 'admin'
export const adminReadScope = 'admin:read'
const operatorScopes = [accountScope, adminScope]

/**
 * What of the requested scope this account may have (RFC 6749 §3.3); all that is harmless where nothing was asked for. What
 * the role may do is withheld from a sign-in that proved less than the role needs.
 */
function grantScope(
  { settings: { policy } }: Pick<Engine, 'settings'>,
  { account, acr, requested }: { account: Pick<Account, 'role'>; acr: Assurance; requested: string | null },
): string {
  const needed = policy.signIn.roles[account.role]
  const allowed = account.role === 'operator' && (!needed || isAtLeast(acr, needed.acr)) ? operatorScopes : memberScopes
  const asked = (requested ?? '').split(' ').filter((scope) => allowed.includes(scope))
  return asked.length > 0 ? [...new Set(asked)].join(' ') : memberScopes.join(' ')
}

/** A session as it begins; the caller writes it, in the transaction that spends what proved it. */
export function newSession(
  engine: Engine,
  given: {
    account: Account
    decision: Extract<Decision, { outcome: 'satisfied' }>
    requester: Requester
    scope: string | null
    evidence: Evidence[]
    origin: Session['origin']
    /** From `engine.statuses`, taken before the transaction. */
    status: string
  },
): Session {
  const { account, decision, requester, scope, evidence, origin, status } = given
  const now = engine.clock.now()
  return {
    id: newSessionId(engine),
    accountId: account.id,
    clientId: firstPartyClientId,
    scope: grantScope(engine, { account, acr: decision.acr, requested: scope }),
    acr: decision.acr,
    amr: decision.amr,
    authenticatedAt: now,
    evidence,
    origin,
    device: deviceOf(requester),
    counter: 0,
    refreshedAt: now,
    userAgent: requester.userAgent?.slice(0, userAgentLengthMax) ?? null,
    source: requester.source,
    status,
    createdAt: now,
    expiresAt: now + daysToMilliseconds(engine.settings.sessionDays),
    endedAt: null,
    ending: null,
  }
}

/** The session's current pair: an RFC 9068 access token and the refresh token of its turn. */
export function tokensFor(engine: Engine, session: Session): TokenPair {
  const { issuer, audience, accessTokenSeconds } = engine.settings
  const iat = toNumericDate(engine.clock.now())
  const access = engine.keyRing.sign({
    iss: issuer,
    sub: session.accountId,
    aud: audience,
    exp: iat + accessTokenSeconds,
    iat,
    jti: engine.random.bytes(jtiBytes).toString('base64url'),
    client_id: session.clientId,
    scope: session.scope,
    auth_time: toNumericDate(session.authenticatedAt),
    acr: session.acr,
    amr: session.amr,
    sid: session.id,
    ...statusClaim(issuer, session.status),
  })
  return {
    access_token: access,
    token_type: 'bearer',
    expires_in: accessTokenSeconds,
    refresh_token: engine.refreshTokens.issue({ sessionId: session.id, counter: session.counter }),
    scope: session.scope,
  }
}
