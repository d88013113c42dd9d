import type { Application } from '../../domain/grant.ts'
import type { AccountId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { liveness } from '../sessions/live-session.ts'
import { revocationExpiresAt } from '../sessions/revoke.ts'
import type { ClientNeeds } from './needs.ts'

export async function listApplications(engine: ClientNeeds, accountId: AccountId): Promise<Application[]> {
  const consents = await engine.store.consents.listByAccount(accountId)
  // An exchanged token is no application that the user authorized.
  const grants = (await engine.store.grants.listByAccount({ accountId, ...liveness(engine) })).filter(
    ({ payload }) => !payload.exchanged,
  )
  const ids = [...new Set([...consents, ...grants].map(({ clientId }) => clientId))].sort()
  return Promise.all(
    ids.map(async (id) => {
      const client = await engine.clientCache.find(id)
      return {
        id,
        name: String(client?.metadata.client_name ?? id),
        scopes: consents.find(({ clientId }) => clientId === id)?.granted.scopes ?? [],
        sessions: grants.filter(({ clientId }) => clientId === id).length,
        offline: grants.some(({ clientId, isOffline }) => clientId === id && isOffline),
      }
    }),
  )
}

/** Withdraws consent and revokes the application's tokens. Throws `not_found`. */
export async function withdrawApplication(
  engine: ClientNeeds,
  { accountId, clientId }: { accountId: AccountId; clientId: string },
): Promise<void> {
  const now = engine.clock.now()
  await engine.store.transaction(async (tx) => {
    const forgotten = await tx.consents.remove({ accountId, clientId })
    const ended = await tx.grants.endAll({
      accountId,
      clientId,
      now,
      revocationExpiresAt: revocationExpiresAt(engine),
    })
    if (!forgotten && ended === 0) throw new Problem('not_found')
    const details = { client: clientId, grants: ended }
    await engine.audit.record(tx, {
      kind: 'consent.withdrawn',
      actor: accountId,
      subject: accountId,
      details,
    })
  })
  await engine.revocations.poll()
}
