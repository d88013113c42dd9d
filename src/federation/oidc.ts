import type { ConnectionKind } from '../domain/connection.ts'
import { oidcSettings } from './oidc-settings.ts'
import { testOidcConnection } from './oidc-test.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

/** OpenID Connect. */
export const createOidcKind = (fetch: UpstreamFetch): ConnectionKind => ({
  id: 'oidc',
  settings: oidcSettings,
  test: (probe) => testOidcConnection(probe, fetch),
})
