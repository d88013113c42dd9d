import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import validateDpop from 'oidc-provider/lib/helpers/validate_dpop.js'
import type { AccessTokenClaims } from '../crypto/access-token.ts'
import { registeredResource } from '../domain/client.ts'
import type { ClientGrant } from '../domain/grant.ts'
import {
  type AccountId,
  type GrantId,
  isAccountId,
  isSessionId,
  newGrantId,
  type SessionId,
} from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { statusClaim } from '../engine/sessions/issue-tokens.ts'
import { findLiveSession, liveness } from '../engine/sessions/live-session.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import type { Authentication } from './sign-access-token.ts'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const tokenExchangeParameters = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'audience',
  'resource',
  'scope',
]

type Parameters = Record<string, string | undefined>

/** The token's account, session and grant. */
interface Subject {
  claims: AccessTokenClaims
  accountId: AccountId
  sessionId: SessionId
  /** For an application's token. */
  grant: ClientGrant | undefined
}

/**
 * Token exchange (RFC 8693): a first-party service that was called with a user's token gets one for the next
 * service, with the first token's scopes, or those of an API that an operator allowed, and no longer
 * lifetime. It has its own grant, which can be revoked separately and ends with the same session. `act` names
 * the services in between. Requests that cannot be met are refused.
 */
export function createTokenExchange(engine: Engine) {
  return async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { client, provider } = ctx.oidc
    const params = ctx.oidc.params as Parameters
    if (!client || !settingsOf(client).firstParty)
      throw new errors.UnauthorizedClient('only applications of this server may exchange tokens')
    if (params.subject_token_type !== accessTokenType)
      throw new errors.InvalidRequest('subject_token_type must be an access token')
    if ((params.requested_token_type ?? accessTokenType) !== accessTokenType)
      throw new errors.InvalidRequest('requested_token_type must be an access token')
    const jkt = await keyOf(engine, ctx)
    const subject = await exchangeSubject(engine, params.subject_token)
    const target = targetOf(client, params)
    const scope = scopeOf(subject, { target, asked: params.scope })
    const act = await actorOf(engine, { clientId: client.clientId, subject, params })
    const seconds = settingsOf(client).accessTokenSeconds ?? engine.settings.accessTokenSeconds
    const expiresIn = Math.min(seconds, subject.claims.exp - Math.floor(engine.clock.now() / 1000))
    const grant = await giveGrant(engine, { subject, clientId: client.clientId, scope, expiresIn })
    const draft = { accountId: subject.accountId, client, scope, expiresIn, ...(jkt && { jkt }) }
    // biome-ignore lint/suspicious/noExplicitAny: the library's types do not let a grant of ours make its tokens
    const token = new provider.AccessToken(draft as any)
    Object.assign(token, {
      authentication: authenticationOf(engine, { subject, grant, act }),
      ...(target && { aud: target.resource }),
    })
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: accessTokenType,
      token_type: jkt ? 'DPoP' : 'Bearer',
      expires_in: expiresIn,
      scope,
    }
  }
}

/**
 * The key that the token is bound to (RFC 9449 §5); undefined without a DPoP proof, if the client needs none.
 */
async function keyOf({ clock }: Engine, ctx: KoaContextWithOIDC): Promise<string | undefined> {
  const now = clock.now()
  const { client, provider } = ctx.oidc
  const proof = await validateDpop(provider, ctx)
  if (proof === undefined) {
    if ((client as unknown as ProviderClient).dpopBoundAccessTokens)
      throw new errors.InvalidGrant('DPoP proof JWT not provided')
    return undefined
  }
  const isFirst = await (provider as unknown as ReplayCheck).ReplayDetection.unique(
    client?.clientId as string,
    proof.jti,
    Math.floor(now / 1000) + proofSeconds,
  )
  if (!isFirst) throw new errors.InvalidGrant('DPoP proof JWT Replay detected')
  return proof.thumbprint
}

const proofSeconds = 600
interface ReplayCheck {
  ReplayDetection: { unique(issuer: string, jti: string, expiresAtSeconds: number): Promise<boolean> }
}

/** Throws `invalid_grant`, naming the parameter, for an invalid access token. */
async function validTokenClaims(
  engine: Engine,
  value: string | undefined,
  name: string,
): Promise<AccessTokenClaims> {
  await engine.authenticator.ready()
  const verified =
    value === undefined ? undefined : engine.keyRing.verifyForAnybody(value, engine.clock.now())
  const claims = verified?.ok ? verified.claims : undefined
  if (!claims || claims.cnf || engine.revocations.isRevoked(claims.sid ?? claims.jti))
    throw new errors.InvalidGrant(`${name} is not a valid access token`)
  return claims
}

async function exchangeSubject(engine: Engine, value: string | undefined): Promise<Subject> {
  const claims = await validTokenClaims(engine, value, 'subject_token')
  const { sid, sub } = claims
  if (sid !== undefined && isSessionId(sid) && isAccountId(sub)) {
    const session = await findLiveSession(engine, { id: sid, now: engine.clock.now() })
    if (session) return { claims, accountId: session.accountId, sessionId: session.id, grant: undefined }
  }
  const grant =
    sid === undefined
      ? undefined
      : await engine.store.grants.find({ id: sid as GrantId, ...liveness(engine) })
  if (!grant) throw new errors.InvalidGrant('subject_token is not a valid access token of a user')
  return { claims, accountId: grant.accountId, sessionId: grant.sessionId, grant }
}

interface Target {
  resource: string
  scopes: string[]
}

/** The target API, by `resource` or `audience`. Undefined: this server. */
function targetOf(client: unknown, { resource, audience }: Parameters): Target | undefined {
  const named = [resource, audience].filter((one) => one !== undefined)
  if (named.length === 0) return undefined
  const registered = new Set(named.map((one) => registeredResource(settingsOf(client), one)))
  const [only] = registered
  if (registered.size !== 1 || only === undefined) throw new errors.InvalidTarget()
  return { resource: only, scopes: (settingsOf(client).resources[only] as string).split(' ') }
}

function scopeOf(
  { claims }: Subject,
  { target, asked }: { target: Target | undefined; asked: string | undefined },
): string {
  const held = claims.scope.split(' ')
  const allowed = target?.scopes ?? held
  const scopes = (asked?.split(' ') ?? allowed).filter((scope) => scope !== '')
  const beyond = scopes.filter((scope) => !allowed.includes(scope))
  if (beyond.length > 0) throw new errors.InvalidScope('exceeds the allowed scope', beyond.join(' '))
  return scopes.join(' ')
}

/** RFC 8693 §4.1: the new actor, with former ones nested. */
async function actorOf(
  engine: Engine,
  { clientId, subject, params }: { clientId: string; subject: Subject; params: Parameters },
): Promise<NonNullable<Authentication['act']>> {
  const { actor_token: token, actor_token_type: type } = params
  if ((token === undefined) !== (type === undefined))
    throw new errors.InvalidRequest('actor_token and actor_token_type go together')
  if (type !== undefined && type !== accessTokenType)
    throw new errors.InvalidRequest('actor_token_type must be an access token')
  const actor = token === undefined ? undefined : await validTokenClaims(engine, token, 'actor_token')
  const before = subject.claims.act
  return {
    sub: actor?.sub ?? clientId,
    ...(actor && { client_id: clientId }),
    ...(before && { act: before }),
  }
}

async function giveGrant(
  engine: Engine,
  {
    subject,
    clientId,
    scope,
    expiresIn,
  }: { subject: Subject; clientId: string; scope: string; expiresIn: number },
): Promise<ClientGrant> {
  const { accountId, sessionId, grant: parent, claims } = subject
  const id = newGrantId(engine)
  const now = engine.clock.now()
  const [iat, exp] = [Math.floor(now / 1000), Math.floor(now / 1000) + expiresIn]
  const payload = {
    accountId,
    clientId,
    kind: 'Grant',
    jti: id,
    iat,
    exp,
    openid: { scope },
    exchanged: true,
    ...(parent && { parent: parent.id }),
  }
  const grant: ClientGrant = {
    id,
    sessionId,
    accountId,
    clientId,
    status: await engine.statuses.next('session'),
    payload,
    isOffline: parent?.isOffline ?? false,
    organisationId: parent?.organisationId ?? (claims.org_id as ClientGrant['organisationId']) ?? null,
    createdAt: now,
    expiresAt: exp * 1000,
    endedAt: null,
  }
  const { endedAt: _, ...row } = grant
  await engine.store.transaction(async (tx) => {
    await tx.grants.put(row)
    const details = { client: clientId, grant: id, session: sessionId }
    await engine.audit.record(tx, { kind: 'token.exchanged', actor: clientId, subject: accountId, details })
  })
  return grant
}

function authenticationOf(
  { settings }: Engine,
  { subject, grant, act }: { subject: Subject; grant: ClientGrant; act: Authentication['act'] },
): Authentication {
  const { acr, amr, auth_time, org_id, org_roles } = subject.claims
  return {
    ...(acr && { acr }),
    ...(org_id !== undefined && { org_id, org_roles: org_roles ?? [] }),
    ...(amr && { amr }),
    ...(auth_time !== undefined && { auth_time }),
    sid: grant.id,
    ...statusClaim(settings.issuer, grant.status),
    ...(act && { act }),
  }
}
