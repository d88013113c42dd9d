import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { ClientGrant } from '../domain/grant.ts'
import type { GrantId } from '../domain/id.ts'
import { endGrant } from '../engine/clients/end-grant.ts'
import type { Engine } from '../engine/engine.ts'
import { liveness } from '../engine/sessions/live-session.ts'
import { organisationOf } from './organisation.ts'
import { Unchanged } from './unchanged.ts'

/** The granted scopes without the rejected ones, as the library stores them. */
function allowsOffline({ openid, rejected }: AdapterPayload): boolean {
  const has = (granted: { scope?: string } | undefined) =>
    granted?.scope?.split(' ').includes('offline_access') === true
  return (
    has(openid as { scope?: string } | undefined) &&
    !has((rejected as { openid?: { scope?: string } } | undefined)?.openid)
  )
}

const absent = async (): Promise<undefined> => undefined

/** Grants have their own table: tokens name them as `sid`, and they end with their session. */
export class GrantAdapter implements Adapter {
  private readonly engine: Engine
  private readonly unchanged = new Unchanged()

  constructor(engine: Engine) {
    this.engine = engine
  }

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const { status, sessionId, ...rest } = payload as AdapterPayload &
      Pick<ClientGrant, 'status' | 'sessionId'>
    const now = this.engine.clock.now()
    const organisation = organisationOf(payload)
    const expiresAt = Math.min(now + expiresInSeconds * 1000, organisation?.until ?? Number.MAX_SAFE_INTEGER)
    if (this.unchanged.is(id, payload, { now, expiresAt })) return
    await this.engine.store.grants.put({
      id: id as GrantId,
      sessionId,
      accountId: rest.accountId as ClientGrant['accountId'],
      clientId: rest.clientId as string,
      status,
      payload: rest,
      isOffline: allowsOffline(rest),
      organisationId: organisation?.id ?? null,
      createdAt: now,
      expiresAt,
    })
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const grant = await this.engine.store.grants.find({ id: id as GrantId, ...liveness(this.engine) })
    if (!grant) return undefined
    const payload = { ...grant.payload, status: grant.status, sessionId: grant.sessionId }
    this.unchanged.note(id, payload, grant.expiresAt)
    return payload
  }

  async destroy(id: string): Promise<void> {
    await endGrant(this.engine, { id: id as GrantId, reason: 'revoked' })
  }

  findByUid = absent
  findByUserCode = absent
  consume = absent
  revokeByGrantId = absent
}
