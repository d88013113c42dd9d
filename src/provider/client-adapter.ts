import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider'
import { hashSecret } from '../crypto/equal.ts'
import { defaultClientSettings } from '../domain/client.ts'
import { removeClient } from '../engine/clients/clients.ts'
import type { Engine } from '../engine/engine.ts'
import { toMetadata } from './client-metadata.ts'

const absent = async (): Promise<undefined> => undefined

/** Clients of our store; the library writes only dynamic registrations. */
export class ClientAdapter implements Adapter {
  private readonly engine: Engine

  constructor(engine: Engine) {
    this.engine = engine
  }

  async upsert(id: string, { client_secret: secret, ...metadata }: AdapterPayload): Promise<void> {
    const now = this.engine.clock.now()
    const secrets = secret === undefined ? [] : [{ hash: hashSecret(secret as string), expiresAt: null }]
    const client = {
      id,
      metadata: { ...metadata },
      settings: defaultClientSettings,
      secrets,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    }
    // An initial access token registers one client; a refused registration does not use it up.
    const invitation = Provider.ctx?.oidc.entities.InitialAccessToken?.jti
    await this.engine.store.transaction(async (tx) => {
      const spent =
        invitation !== undefined &&
        (await tx.artifacts.remove({ kind: 'InitialAccessToken', idHash: hashSecret(invitation) }))
      if (!spent) throw new errors.InvalidToken('initial access token not found')
      await tx.clients.insert(client)
      await this.engine.audit.record(tx, { kind: 'client.created', actor: 'registration', subject: id })
    })
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await this.engine.clientCache.find(id)
    return (
      client &&
      toMetadata(client, { now: this.engine.clock.now(), algorithm: this.engine.settings.signingAlgorithm })
    )
  }

  async destroy(id: string): Promise<void> {
    await removeClient(this.engine, { id, actor: 'registration' })
  }

  findByUid = absent
  findByUserCode = absent
  consume = absent
  revokeByGrantId = absent
}
