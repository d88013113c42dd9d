import type { Provider } from 'oidc-provider'
import type { ClientGrant } from '../domain/grant.ts'
import type { Engine } from '../engine/engine.ts'
import { sendLogoutToken } from './models.ts'
import type { ProviderClient } from './provider-client.ts'

const waits = [5, 30, 120, 600, 3600].map((seconds) => seconds * 1000)

/** Tells one client that a session of its user is over; tried again, later each time, while it does not answer. */
export async function tellClient(engine: Engine, provider: Provider, grant: ClientGrant): Promise<void> {
  const now = engine.clock.now()
  const leased = await engine.store.grants.leaseLogout({ id: grant.id, now, nextAt: now + (waits[0] as number) })
  if (!leased) return
  const client = (await provider.Client.find(grant.clientId)) as unknown as ProviderClient | undefined
  try {
    if (client?.backchannelLogoutUri) await sendLogoutToken(client, grant.accountId, grant.id)
    await engine.store.grants.settleLogout(grant.id)
  } catch (error) {
    engine.observe.backgroundFailure('back-channel logout', error)
    const wait = waits[leased.tries]
    if (wait === undefined) await engine.store.grants.settleLogout(grant.id)
    else await engine.store.grants.postponeLogout({ id: grant.id, nextAt: now + wait })
  }
}
