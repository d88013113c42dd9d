import type { ConnectionKind } from '../../domain/connection.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { authorizeOidc } from './authorize-oidc.ts'
import { identifyOidc } from './identify-oidc.ts'
import { createOidcClients } from './oidc-clients.ts'
import { oidcSettings } from './oidc-settings.ts'
import { testOidcConnection } from './test-oidc.ts'

/** OpenID Connect. */
export function createOidcKind(fetch: UpstreamFetch): ConnectionKind {
  const clients = createOidcClients(fetch)
  return {
    id: 'oidc',
    settings: oidcSettings,
    test: (call) => testOidcConnection(call, fetch),
    authorize: (call, wish) => authorizeOidc(clients, call, wish),
    identify: (call, answer, memory) => identifyOidc(clients, call, answer, memory),
  }
}
