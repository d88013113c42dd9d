import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { AccountId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { settingsOf } from './provider-client.ts'
import type { Authentication } from './sign-access-token.ts'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const tokenExchangeParameters = ['subject_token', 'subject_token_type', 'requested_token_type', 'resource', 'scope']

/**
 * A service of ours that was called with somebody's token gets one for the next (RFC 8693): with scopes of the first, or of an API that
 * an operator let it call, never a longer
 * life, and it ends with what the first one ends with. `act` says who is in between.
 */
export function createTokenExchange(engine: Engine) {
  return async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { client, params, provider } = ctx.oidc as KoaContextWithOIDC['oidc'] & { params: Record<string, string | undefined> }
    if (!settingsOf(client).firstParty) throw new errors.UnauthorizedClient('only applications of this server may exchange tokens')
    if (params.subject_token_type !== accessTokenType) throw new errors.InvalidRequest('subject_token_type must be an access token')
    if ((params.requested_token_type ?? accessTokenType) !== accessTokenType)
      throw new errors.InvalidRequest('requested_token_type must be an access token')
    const subject = await subjectOf(engine, params.subject_token)
    const token = await draft(engine, ctx, { provider, subject })
    const value = await token.save()
    ctx.body = {
      access_token: value,
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: token.expiration,
      scope: token.scope,
    }
  }
}

async function subjectOf(engine: Engine, value: string | undefined): Promise<AccessTokenClaims & { sub: AccountId }> {
  await engine.authenticator.ready()
  const verified = value === undefined ? undefined : engine.keyRing.verifyForAnybody(value, engine.clock.now())
  const claims = verified?.ok ? verified.claims : undefined
  if (!claims || claims.sid === undefined || claims.cnf || engine.revocations.isRevoked(claims.sid))
    throw new errors.InvalidGrant('subject_token is not a good access token of a person')
  return claims as AccessTokenClaims & { sub: AccountId }
}

async function draft(engine: Engine, ctx: KoaContextWithOIDC, { provider, subject }: { provider: Provider; subject: AccessTokenClaims }) {
  const { client, params } = ctx.oidc as KoaContextWithOIDC['oidc'] & { params: Record<string, string | undefined> }
  const { resource } = params
  const allowed = resource === undefined ? subject.scope : settingsOf(client).resources[resource]
  if (allowed === undefined) throw new errors.InvalidTarget()
  const held = new Set([...subject.scope.split(' '), ...(resource === undefined ? [] : allowed.split(' '))])
  const asked = (params.scope ?? allowed).split(' ').filter((scope) => scope !== '')
  const beyond = asked.filter((scope) => !held.has(scope) || !allowed.split(' ').includes(scope))
  if (beyond.length > 0) throw new errors.InvalidScope('beyond what may be asked for', beyond.join(' '))
  const { acr, amr, auth_time, sid, status, act } = subject
  const authentication = {
    ...(acr && { acr }),
    ...(amr && { amr }),
    ...(auth_time !== undefined && { auth_time }),
    sid,
    ...(status && { status }),
    act: { sub: client?.clientId as string, ...(act && { act }) },
  } as Authentication
  const expiresIn = Math.min(engine.settings.accessTokenSeconds, subject.exp - Math.floor(engine.clock.now() / 1000))
  // biome-ignore lint/suspicious/noExplicitAny: the library's types do not let a grant of ours make its tokens
  const token = new provider.AccessToken({ accountId: subject.sub, client, scope: asked.join(' '), expiresIn } as any)
  return Object.assign(token, { authentication, ...(resource !== undefined && { aud: resource }) })
}
