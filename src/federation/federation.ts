import type { Federation } from '../domain/connection.ts'
import { isLoopbackUrl } from '../domain/loopback.ts'
import { createLdapKind } from './ldap/ldap-kind.ts'
import { createOAuth2Kind } from './oauth2/oauth2-kind.ts'
import { createOidcKind } from './oidc/oidc-kind.ts'
import { presets } from './presets/index.ts'
import { createSamlProtocol } from './saml/provider/saml-protocol.ts'
import { createSamlKind } from './saml/saml-kind.ts'
import { createUpstreamFetch } from './upstream-fetch.ts'

/** The protocols and presets of connections. A loopback issuer allows internal providers. */
export function createFederation(given: { issuer: string; clientNetwork: 'public' | 'any' }): Federation {
  const network = isLoopbackUrl(new URL(given.issuer)) ? 'any' : given.clientNetwork
  const fetch = createUpstreamFetch({ network })
  const kinds = [createOidcKind(fetch), createOAuth2Kind(fetch), createSamlKind(fetch)]
  return { kinds: [...kinds, createLdapKind(network)], presets, identityProvider: createSamlProtocol(fetch) }
}
