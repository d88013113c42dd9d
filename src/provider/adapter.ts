import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { hashSecret } from '../crypto/equal.ts'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import type { Artifact } from '../domain/grant.ts'
import type { GrantId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { ClientAdapter } from './client-adapter.ts'
import { endGrant } from './end-grant.ts'
import { GrantAdapter } from './grant-adapter.ts'

/** What the library keeps, on our store: found by a hash, sealed, and consumed by compare-and-swap. */
export function createAdapters(engine: Engine, secrets: ProviderSecrets): (kind: string) => Adapter {
  return (kind) => {
    switch (kind) {
      case 'Client':
        return new ClientAdapter(engine)
      case 'Grant':
        return new GrantAdapter(engine)
      case 'RefreshToken':
        return new RefreshTokenAdapter(engine, kind, secrets)
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
    return this.toPayload(await this.engine.store.artifacts.findByUserCode({ kind: this.kind, userCodeHash: hashSecret(userCode) }))
  }

  /** Of many at once one wins. Whoever comes second with a code may have stolen it: all that it led to ends (RFC 9700 §2.1.1). */
  async consume(id: string): Promise<void> {
    const idHash = hashSecret(id)
    if (await this.engine.store.artifacts.consume({ kind: this.kind, idHash, now: this.engine.clock.now() })) return
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash })
    if (artifact?.grantId) await endGrant(this.engine, { id: artifact.grantId as GrantId, reason: 'replayed' })
    throw new errors.InvalidGrant('already consumed')
  }

  /** Throws where it was gone already, so that what is good once is good for one of many at once. */
  async destroy(id: string): Promise<void> {
    const removed = await this.engine.store.artifacts.remove({ kind: this.kind, idHash: hashSecret(id) })
    if (!removed && this.kind === 'InitialAccessToken') throw new errors.InvalidToken('initial access token not found')
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
      payloadSealed: this.engine.sealer.seal(JSON.stringify(payload), bindingOf(this.kind, idHash)),
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
    const payload = JSON.parse(this.engine.sealer.open(artifact.payloadSealed, bindingOf(this.kind, artifact.idHash)))
    return { ...payload, ...(artifact.consumedAt !== null && { consumed: Math.floor(artifact.consumedAt / 1000) }) }
  }
}

/** The token just before the current one gets the same successor for a few seconds; anything older ends the grant. */
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
    return this.toPayload(isLate || (await this.isSpent(this.secrets.successorOf(id))) ? artifact : { ...artifact, consumedAt: null })
  }

  override async consume(id: string): Promise<void> {
    await this.engine.store.artifacts.consume({ kind: this.kind, idHash: hashSecret(id), now: this.engine.clock.now() })
  }

  private async isSpent(id: string): Promise<boolean> {
    const artifact = await this.engine.store.artifacts.find({ kind: this.kind, idHash: hashSecret(id) })
    return artifact !== undefined && artifact.consumedAt !== null
  }
}

const graceMilliseconds = ({ settings }: Engine): number =>
  Math.min(settings.refreshGraceSeconds, settings.policy.limits.refreshGraceSecondsMax) * 1000
