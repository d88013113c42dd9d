import type { ConnectionKind } from '../../domain/connection.ts'
import { createClients } from '../clients.ts'
import { createCodeKind } from '../code-kind.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { discoverProvider } from './discover-provider.ts'
import { oidcClaims } from './oidc-claims.ts'
import { oidcSettings } from './oidc-settings.ts'
import { testOidcConnection } from './test-oidc.ts'

/** OpenID Connect. */
export function createOidcKind(fetch: UpstreamFetch): ConnectionKind {
  const clients = createClients((call) => discoverProvider(call, fetch))
  return {
    id: 'oidc',
    settings: oidcSettings,
    test: (call) => testOidcConnection(call, fetch),
    ...createCodeKind({
      clients,
      fetch,
      isOidc: true,
      claimsOf: (exchanged) => oidcClaims(exchanged, fetch),
      endpointOf: (_, provider) => provider.serverMetadata().userinfo_endpoint,
    }),
  }
}
