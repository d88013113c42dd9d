import type { Provider } from 'oidc-provider'
import type { GrantId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { sendLogoutToken } from './model-overrides.ts'
import type { ProviderClient } from './provider-client.ts'

const waits = [5, 30, 120, 600, 3600].map((seconds) => seconds * 1000)
const givenUpAfter = 30 * 86_400_000

/**
 * Sends a client the logout token of an ended session; retried with growing delays, then hourly, for thirty
 * days.
 */
export async function tellClient(engine: Engine, provider: Provider, grantId: GrantId): Promise<void> {
  const now = engine.clock.now()
  const notice = await engine.store.logouts.lease({ grantId, now, nextAt: now + (waits[0] as number) })
  if (!notice) return
  const client = (await provider.Client.find(notice.clientId)) as unknown as ProviderClient | undefined
  try {
    if (client?.backchannelLogoutUri) await sendLogoutToken(client, notice.accountId, grantId)
    await engine.store.logouts.settle(grantId)
  } catch (error) {
    engine.observe.backgroundFailure('back-channel logout', error)
    const wait = waits[notice.tries - 1] ?? (waits.at(-1) as number)
    if (now - notice.createdAt > givenUpAfter) await engine.store.logouts.settle(grantId)
    else await engine.store.logouts.postpone({ grantId, nextAt: now + wait })
  }
}
