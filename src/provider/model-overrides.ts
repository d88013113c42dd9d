import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { hashSecret } from '../crypto/equal.ts'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { newGrantId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { accessTokenFor, findAccessToken } from './access-token.ts'
import { hasSecret } from './client-metadata.ts'
import type { ProviderClient } from './provider-client.ts'
import { isChosenHere } from './session-bridge.ts'

// The library's classes are created for each provider; its types lack some members that its documentation
// allows to replace.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Model = any

/** The library's sender, used by our retries: the library would send once, within the user's request. */
const sending = new WeakMap<object, (subject: string, sid: string) => Promise<void>>()

export async function sendLogoutToken(client: ProviderClient, subject: string, sid: string): Promise<void> {
  await sending.get(Object.getPrototypeOf(client))?.call(client, subject, sid)
}

/** The library's session follows our session cookie; an interaction of another account ends. */
const beginsAnew = new Set<string | undefined>([
  'authorization',
  'code_verification',
  'resume',
  'device_resume',
])

/** Overrides where ours is atomic, or shared with the engine. */
export function adaptModels(provider: Provider, engine: Engine, secrets: ProviderSecrets): void {
  const { AccessToken, ClientCredentials, Client, Grant, RefreshToken, ReplayDetection, Session } =
    provider as unknown as Record<string, Model>

  for (const kind of [AccessToken, ClientCredentials]) {
    kind.prototype.getValueAndPayload = async function (this: Model) {
      return { value: await accessTokenFor(engine, secrets, this) }
    }
    kind.find = (value: string) => findAccessToken(provider, engine, kind.name, value)
  }

  Client.prototype.compareClientSecret = function (this: ProviderClient, actual: string) {
    return hasSecret(this.sumun_secret_hashes ?? [], actual)
  }
  sending.set(Client.prototype, Client.prototype.backchannelLogout)
  Client.prototype.backchannelLogout = async () => undefined
  Client.prototype.includeSid = () => true

  const fieldsOfGrant: string[] = Grant.IN_PAYLOAD
  Object.defineProperty(Grant, 'IN_PAYLOAD', {
    get: () => [...fieldsOfGrant, 'status', 'sessionId', 'organisation'],
  })
  Grant.prototype.generateTokenId = () => newGrantId(engine)

  // Many clients always request it, and again with each refresh; the library drops it without a consent
  // prompt.
  Object.defineProperty(RefreshToken.prototype, 'scopes', {
    get(this: { scope?: string }) {
      return new Set([...(this.scope ?? '').split(' '), 'offline_access'])
    },
  })
  const ordinaryId = RefreshToken.prototype.generateTokenId
  RefreshToken.prototype.generateTokenId = function (this: Model) {
    const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken
    return rotated ? secrets.successorOf(rotated.jti) : ordinaryId.call(this)
  }

  // Applications get the account of our session cookie; the library remembers its last one.
  const remembered = Session.get
  Session.get = async function (this: Model, ctx: KoaContextWithOIDC) {
    const session = await remembered.call(this, ctx)
    if (!beginsAnew.has(ctx.oidc?.route) || isChosenHere(engine, ctx, session.uid)) return session
    const fresh = this.instantiate({})
    ctx.oidc.entity('Session', fresh)
    return fresh
  }

  // An error page before there is a session has nothing to save; the library would throw.
  const persist = Session.prototype.persist
  Session.prototype.persist = function (this: Model) {
    return typeof this.exp === 'number' ? persist.call(this) : undefined
  }

  // Atomic: the library reads, then writes, so two concurrent requests would pass.
  ReplayDetection.unique = async (issuer: string, jti: string, expiresAtSeconds: number) => {
    const idHash = hashSecret(JSON.stringify([issuer, jti]))
    const now = engine.clock.now()
    return engine.store.artifacts.insert({
      kind: 'ReplayDetection',
      idHash,
      payloadSealed: '',
      grantId: null,
      uid: null,
      userCodeHash: null,
      createdAt: now,
      expiresAt: Math.max(expiresAtSeconds * 1000, now + 1000),
      consumedAt: null,
    })
  }
}
