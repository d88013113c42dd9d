import { Provider } from 'oidc-provider'
import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { type GrantId, isSessionId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { statusClaim } from '../engine/sessions/issue-tokens.ts'
import { findLiveSession, liveness } from '../engine/sessions/live-session.ts'
import { endSession, revokeToken } from '../engine/sessions/revoke.ts'
import { organisationClaimsOf, organisationScope } from './organisation.ts'
import type { ProviderClient } from './provider-client.ts'
import { type Authentication, signAccessToken } from './sign-access-token.ts'
import { subjectFor } from './subject.ts'

/** The library's `AccessToken` and `ClientCredentials`, as it stores them. */
interface UnsignedToken {
  accountId?: string
  aud?: string
  client: ProviderClient
  clientId: string
  expiration: number
  jkt?: string
  claims?: { userinfo?: Record<string, unknown> }
  scope?: string
  /** Set by token exchange; other tokens take it from their grant. */
  authentication?: Authentication
}

/** Signs the library's token like all others of this server. */
export async function accessTokenFor(
  engine: Engine,
  secrets: ProviderSecrets,
  token: UnsignedToken,
): Promise<string> {
  const { accountId, client, clientId, claims, jkt } = token
  return signAccessToken(engine, {
    sub: accountId === undefined ? clientId : subjectFor(secrets, client, accountId),
    client_id: clientId,
    audience: token.aud,
    scope: token.scope,
    seconds: token.expiration,
    authentication:
      token.authentication ??
      (accountId === undefined ? {} : await authenticationOfGrant(engine, { accountId, scope: token.scope })),
    ...(claims?.userinfo && { claims: { userinfo: claims.userinfo } }),
    ...(jkt !== undefined && { cnf: { jkt } }),
  })
}

async function authenticationOfGrant(
  engine: Engine,
  { accountId, scope }: { accountId: string; scope: string | undefined },
): Promise<Authentication> {
  const { AuthorizationCode, DeviceCode, RefreshToken, Grant } = Provider.ctx?.oidc.entities ?? {}
  const source = (AuthorizationCode ?? DeviceCode ?? RefreshToken) as
    | { acr?: Authentication['acr']; amr?: string[]; authTime?: number }
    | undefined
  const { jti, status } = Grant as unknown as { jti: GrantId; status: string }
  return {
    ...(source?.acr !== undefined && { acr: source.acr }),
    ...(source?.amr && { amr: source.amr }),
    ...(source?.authTime !== undefined && { auth_time: source.authTime }),
    ...(scope?.split(' ').includes(organisationScope) &&
      (await organisationClaimsOf(engine, { grant: Grant, accountId }))),
    sid: jti,
    ...statusClaim(engine.settings.issuer, status),
  }
}

/**
 * An access token of ours, for introspection, revocation and userinfo; undefined if it is invalid. The
 * library refuses JWTs at the first two, so `handle-request.ts` replaces the dots there; a client cannot do
 * this itself.
 */
export async function findAccessToken(
  provider: Provider,
  engine: Engine,
  kind: 'AccessToken' | 'ClientCredentials',
  value: unknown,
): Promise<unknown> {
  if (typeof value !== 'string') return undefined
  await engine.authenticator.ready()
  const now = engine.clock.now()
  const verified = engine.keyRing.verifyForAnybody(asSent(value), now)
  if (!verified.ok) return undefined
  const { claims } = verified
  const { sid } = claims
  if ((sid === undefined) !== (kind === 'ClientCredentials')) return undefined
  if (engine.revocations.isRevoked(sid ?? claims.jti)) return undefined
  const owner = sid === undefined ? {} : await tokenOwner(engine, claims, { sid, now })
  if (!owner) return undefined
  const { acr, amr, auth_time, act, status, org_id, org_roles } = claims
  const isForUs = Provider.ctx?.oidc.route === 'userinfo' && claims.aud === engine.settings.audience
  const found = new provider[kind]({
    ...owner,
    clientId: claims.client_id,
    aud: isForUs ? undefined : claims.aud,
    scope: claims.scope,
    exp: claims.exp,
    iat: claims.iat,
    jti: claims.jti,
    jkt: claims.cnf?.jkt,
    claims: claims.claims,
    extra: Object.fromEntries(
      Object.entries({ acr, amr, auth_time, act, status, org_id, org_roles }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    // biome-ignore lint/suspicious/noExplicitAny: the library's types want a client, which it loads itself here
  } as any)
  return Object.assign(found, { destroy: () => revoke(engine, claims) })
}

const takesTokens: ReadonlySet<string | undefined> = new Set(['introspection', 'revocation'])

const asSent = (value: string): string =>
  takesTokens.has(Provider.ctx?.oidc.route) ? value.replaceAll('~', '.') : value

async function tokenOwner(
  engine: Engine,
  claims: AccessTokenClaims,
  { sid, now }: { sid: string; now: number },
) {
  if (isSessionId(sid))
    return (await findLiveSession(engine, { id: sid, now })) && { accountId: claims.sub, sid }
  const grant = await engine.store.grants.find({ id: sid as GrantId, ...liveness(engine) })
  return grant && { accountId: grant.accountId, sid, grantId: grant.id }
}

/** Revokes the session, or the one token. The library ends the grant afterwards. */
async function revoke(engine: Engine, claims: AccessTokenClaims): Promise<void> {
  const { sid } = claims
  if (sid === undefined) return revokeToken(engine, claims)
  const session = isSessionId(sid) ? await engine.store.sessions.find(sid) : undefined
  if (session) await endSession(engine, { session, ending: 'signed_out', actor: claims.client_id })
}
