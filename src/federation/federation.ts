import type { Federation } from '../domain/connection.ts'
import { isLoopbackUrl } from '../domain/loopback.ts'
import { createOidcKind } from './oidc/oidc-kind.ts'
import { presets } from './presets/index.ts'
import { createUpstreamFetch } from './upstream-fetch.ts'

/** The protocols and presets of connections. A loopback issuer allows internal providers. */
export function createFederation(given: { issuer: string; clientNetwork: 'public' | 'any' }): Federation {
  const network = isLoopbackUrl(new URL(given.issuer)) ? 'any' : given.clientNetwork
  return { kinds: [createOidcKind(createUpstreamFetch({ network }))], presets }
}
