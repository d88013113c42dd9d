import type { X509Certificate } from 'node:crypto'
import { certificateIn } from './certificate.ts'
import { roleIn } from './entity.ts'
import { invalid } from './invalid.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, children, descendants, textOf } from './xml.ts'

const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const certificatesMax = 10

/** What an identity provider says of itself (SAML Metadata §2.4). */
export interface ProviderMetadata
  extends Pick<
    SamlSettings,
    'entity_id' | 'sign_in_url' | 'certificates' | 'sign_out_url' | 'sign_out_response_url'
  > {
  /** When the first of its certificates expires; milliseconds since the epoch. */
  expiresAt: number
}

/** Of an entity that is an identity provider. Throws UpstreamFault. */
export function readMetadata(entity: Element): ProviderMetadata {
  const role = roleIn(entity, 'IDPSSODescriptor')
  if (!role) throw invalid('the entity is no identity provider of SAML 2.0')
  const signIn = endpointOf(role, 'SingleSignOnService')?.url
  if (signIn === undefined) throw invalid('the identity provider has no sign-in address by HTTP-Redirect')
  const signOut = endpointOf(role, 'SingleLogoutService')
  const certificates = certificatesFor(role, 'signing')
  if (certificates.length === 0) throw invalid('the identity provider has no signing certificate')
  return {
    entity_id: attributeOf(entity, 'entityID') ?? '',
    sign_in_url: signIn,
    certificates: certificates.map(({ raw }) => raw.toString('base64')),
    ...(signOut && { sign_out_url: signOut.url }),
    ...(signOut && signOut.responseUrl !== signOut.url && { sign_out_response_url: signOut.responseUrl }),
    expiresAt: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
  }
}

/** By HTTP-Redirect; responses may have an address of their own (SAML Metadata §2.2.2). */
export function endpointOf(role: Element, name: string): { url: string; responseUrl: string } | undefined {
  const found = children(role, 'metadata', name).find(
    (one) => attributeOf(one, 'Binding') === redirectBinding,
  )
  const url = found && webUrlIn(found, 'Location')
  return url === undefined ? undefined : { url, responseUrl: webUrlIn(found, 'ResponseLocation') ?? url }
}

function webUrlIn(element: Element | undefined, name: string): string | undefined {
  const url = element && attributeOf(element, name)
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

/** For that use, or for any. Throws UpstreamFault. */
export function certificatesFor(role: Element, use: 'signing' | 'encryption'): X509Certificate[] {
  const texts = children(role, 'metadata', 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? use) === use)
    .flatMap((key) => descendants(key, 'signature', 'X509Certificate'))
    .map((element) => textOf(element).replaceAll(/\s/g, ''))
  const certificates = [...new Set(texts)].map(certificateIn)
  if (certificates.length > certificatesMax) throw invalid('the metadata has too many certificates')
  return certificates
}
