import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { hashSecret } from '../crypto/equal.ts'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import type { Artifact } from '../domain/grant.ts'
import type { GrantId } from '../domain/id.ts'
import { endGrant } from '../engine/clients/end-grant.ts'
import type { Engine } from '../engine/engine.ts'
import { systemRequester } from '../engine/request-context.ts'
import { ClientAdapter } from './client-adapter.ts'
import { GrantAdapter } from './grant-adapter.ts'
import { toLibraryTime, toSharedTime } from './library-time.ts'
import { Unchanged } from './unchanged.ts'

/** The library's persistence on our store: found by hash, sealed, consumed by compare-and-swap. */
export function createAdapters(engine: Engine, secrets: ProviderSecrets): (kind: string) => Adapter {
  return (kind) => {
    switch (kind) {
      case 'Client':
        return new ClientAdapter(engine)
      case 'Grant':
        return new GrantAdapter(engine)
      case 'RefreshToken':
        return new RefreshTokenAdapter(engine, kind, secrets)
      case 'Session':
        return new SessionAdapter(engine, kind)
      case 'DeviceCode':
        return new DeviceCodeAdapter(engine, kind)
      default:
        return new ArtifactAdapter(engine, kind)
    }
  }
}

const bindingOf = (kind: string, idHash: string): string => `client_artifact/${kind}/${idHash}`

class ArtifactAdapter implements Adapter {
  protected readonly engine: Engine
  protected readonly kind: string

  constructor(engine: Engine, kind: string) {
    this.engine = engine
    this.kind = kind
  }

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void> {
    await this.engine.store.artifacts.put(this.toArtifact(id, payload, expiresInSeconds))
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.toPayload(await this.engine.store.artifacts.find({ kind: this.kind, idHash: hashSecret(id) }))
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.toPayload(await this.engine.store.artifacts.findByUid({ kind: this.kind, uid }))
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.toPayload(
      await this.engine.store.artifacts.findByUserCode({
        kind: this.kind,
        userCodeHash: hashSecret(userCode),
      }),
    )
  }

  /**
   * Single use, by compare-and-swap. A code that is presented twice may be stolen: everything issued for it
   * is revoked (RFC 9700 §2.1.1).
   */
  async consume(id: string): Promise<void> {
    const idHash = hashSecret(id)
    if (await this.engine.store.artifacts.consume({ kind: this.kind, idHash, now: this.engine.clock.now() }))
      return
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash })
    if (artifact?.grantId)
      await endGrant(this.engine, { id: artifact.grantId as GrantId, reason: 'replayed' })
    throw new errors.InvalidGrant('already consumed')
  }

  async destroy(id: string): Promise<void> {
    await this.engine.store.artifacts.remove({ kind: this.kind, idHash: hashSecret(id) })
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.engine.store.artifacts.removeByGrant({ kind: this.kind, grantId })
  }

  protected toArtifact(id: string, payload: AdapterPayload, expiresInSeconds = 86_400): Artifact {
    const idHash = hashSecret(id)
    const now = this.engine.clock.now()
    return {
      kind: this.kind,
      idHash,
      payloadSealed: this.engine.sealer.seal(
        JSON.stringify(toSharedTime(this.engine, payload)),
        bindingOf(this.kind, idHash),
      ),
      grantId: payload.grantId ?? null,
      uid: payload.uid ?? null,
      userCodeHash: payload.userCode === undefined ? null : hashSecret(payload.userCode),
      createdAt: now,
      expiresAt: now + expiresInSeconds * 1000,
      consumedAt: null,
    }
  }

  protected toPayload(artifact: Artifact | undefined): AdapterPayload | undefined {
    if (!artifact || artifact.expiresAt <= this.engine.clock.now()) return undefined
    const payload = JSON.parse(
      this.engine.sealer.open(artifact.payloadSealed, bindingOf(this.kind, artifact.idHash)),
    )
    return {
      ...toLibraryTime(this.engine, payload),
      ...(artifact.consumedAt !== null && { consumed: Math.floor(artifact.consumedAt / 1000) }),
    }
  }
}

/** The library's browser session; read with each authorization request. */
class SessionAdapter extends ArtifactAdapter {
  private readonly unchanged = new Unchanged()

  override async upsert(id: string, payload: AdapterPayload, expiresInSeconds = 0): Promise<void> {
    const now = this.engine.clock.now()
    if (this.unchanged.is(id, payload, { now, expiresAt: now + expiresInSeconds * 1000 })) return
    await super.upsert(id, payload, expiresInSeconds)
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash: hashSecret(id) })
    const payload = this.toPayload(artifact)
    if (artifact && payload) this.unchanged.note(id, payload, artifact.expiresAt)
    return payload
  }
}

const rememberedSeconds = 3600

/**
 * Kept for an hour after it expires, so that a device gets `expired_token` and not `invalid_grant` (RFC 8628
 * §3.5).
 */
class DeviceCodeAdapter extends ArtifactAdapter {
  protected override toArtifact(id: string, payload: AdapterPayload, expiresInSeconds = 0): Artifact {
    return super.toArtifact(id, payload, expiresInSeconds + rememberedSeconds)
  }

  protected override toPayload(artifact: Artifact | undefined): AdapterPayload | undefined {
    const payload = super.toPayload(artifact)
    const isOver =
      artifact !== undefined && artifact.expiresAt - rememberedSeconds * 1000 <= this.engine.clock.now()
    return payload && isOver ? { ...payload, exp: 1 } : payload
  }
}

/** Within the grace period the former token gets the same successor; anything older ends the grant. */
class RefreshTokenAdapter extends ArtifactAdapter {
  private readonly secrets: ProviderSecrets

  constructor(engine: Engine, kind: string, secrets: ProviderSecrets) {
    super(engine, kind)
    this.secrets = secrets
  }

  override async upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void> {
    await this.engine.store.artifacts.insert(this.toArtifact(id, payload, expiresInSeconds))
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash: hashSecret(id) })
    if (!artifact || artifact.consumedAt === null) return this.toPayload(artifact)
    const isLate = artifact.consumedAt + graceMilliseconds(this.engine) <= this.engine.clock.now()
    const isReused = isLate || (await this.isSpent(this.secrets.successorOf(id)))
    if (isReused && artifact.grantId) await this.tellOwner(artifact.grantId as GrantId)
    return this.toPayload(isReused ? artifact : { ...artifact, consumedAt: null })
  }

  /** It may be stolen: its grant ends, and the owner is notified (RFC 9700 §4.14.2). */
  private async tellOwner(id: GrantId): Promise<void> {
    await endGrant(this.engine, {
      id,
      reason: 'replayed',
      also: async (tx, { accountId, clientId }) => {
        const account = await tx.accounts.find(accountId)
        const details = { client: clientId, grant: id, ending: 'refresh_reuse' }
        await this.engine.audit.record(tx, {
          kind: 'session.refresh_reused',
          actor: 'system',
          subject: accountId,
          details,
        })
        if (account)
          await this.engine.notify(tx, {
            account,
            notice: 'refresh_reused',
            requester: systemRequester(this.engine),
          })
      },
    })
  }

  override async consume(id: string): Promise<void> {
    await this.engine.store.artifacts.consume({
      kind: this.kind,
      idHash: hashSecret(id),
      now: this.engine.clock.now(),
    })
  }

  private async isSpent(id: string): Promise<boolean> {
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash: hashSecret(id) })
    return artifact !== undefined && artifact.consumedAt !== null
  }
}

const graceMilliseconds = ({ settings }: Engine): number =>
  Math.min(settings.refreshGraceSeconds, settings.policy.limits.refreshGraceSecondsMax) * 1000
