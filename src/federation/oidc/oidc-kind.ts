import type { ConnectionKind } from '../../domain/connection.ts'
import { createClients } from '../clients.ts'
import { beginCodeFlow, type CodeMemory } from '../code-flow.ts'
import { createEventReceiver } from '../events/receive-events.ts'
import { quirksOf } from '../presets/index.ts'
import { errorFault, faultOf } from '../upstream-fault.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { discoverProvider } from './discover-provider.ts'
import { identifyOidc } from './identify-oidc.ts'
import { type OidcSettings, oidcSettings } from './oidc-settings.ts'
import { testOidcConnection } from './test-oidc.ts'

/** OpenID Connect. */
export function createOidcKind(fetch: UpstreamFetch): ConnectionKind {
  const clients = createClients((call) => discoverProvider(call, fetch))
  const receive = createEventReceiver(clients, fetch)
  return {
    id: 'oidc',
    settings: oidcSettings,
    test: (call) => testOidcConnection(call, fetch),
    async authorize(call, wish) {
      const { preset, settings } = call.connection
      const { scope } = settings as OidcSettings
      const provider = await clients(call).catch(rethrow)
      return beginCodeFlow(provider, { call, wish, scope, quirks: quirksOf(preset), isOidc: true })
    },
    async identify(call, answer, memory) {
      if (answer.error !== undefined) throw errorFault(answer.error)
      const provider = await clients(call).catch(rethrow)
      return identifyOidc(provider, { call, answer, fetch, memory: memory as CodeMemory }).catch(rethrow)
    },
    receive: (call, token) => receive(call, token).catch(rethrow),
  }
}

const rethrow = (error: unknown): never => {
  throw faultOf(error)
}
