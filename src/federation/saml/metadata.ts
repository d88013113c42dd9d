import type { X509Certificate } from 'node:crypto'
import { certificateIn } from './certificate.ts'
import { invalid } from './invalid.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, children, descendants, isNamed, parseXml, textOf } from './xml.ts'

const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const certificatesMax = 10
const entitiesShown = 5

/** What an identity provider says of itself (SAML Metadata §2.4). */
export interface ProviderMetadata
  extends Pick<SamlSettings, 'entity_id' | 'sign_in_url' | 'certificates' | 'sign_out_url'> {
  /** When the first of its certificates expires; milliseconds since the epoch. */
  expiresAt: number
}

/**
 * Of one identity provider; `entityId` chooses one of an aggregate. Its signature is not checked: it comes
 * over TLS, or from an admin's hands. Throws UpstreamFault.
 */
export function readMetadata(
  xml: string,
  { entityId, now }: { entityId: string | undefined; now: number },
): ProviderMetadata {
  const root = parseXml(xml)
  const entity = entityIn(root, { entityId, role: 'IDPSSODescriptor' })
  for (const element of [root, entity]) refuseExpired(element, now)
  const role = roleIn(entity, 'IDPSSODescriptor')
  if (!role) throw invalid('the entity is no identity provider of SAML 2.0')
  const signIn = endpointOf(role, 'SingleSignOnService')
  if (signIn === undefined) throw invalid('the identity provider has no sign-in address by HTTP-Redirect')
  const signOut = endpointOf(role, 'SingleLogoutService')
  const certificates = signingCertificates(role)
  if (certificates.length === 0) throw invalid('the identity provider has no signing certificate')
  return {
    entity_id: attributeOf(entity, 'entityID') ?? '',
    sign_in_url: signIn,
    certificates: certificates.map(({ raw }) => raw.toString('base64')),
    ...(signOut !== undefined && { sign_out_url: signOut }),
    expiresAt: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
  }
}

type Role = 'IDPSSODescriptor' | 'SPSSODescriptor'

/** The entity of that name, or the only one with the role. Throws UpstreamFault. */
export function entityIn(
  root: Element,
  { entityId, role }: { entityId: string | undefined; role: Role },
): Element {
  const entities = isNamed(root, 'metadata', 'EntityDescriptor')
    ? [root]
    : descendants(root, 'metadata', 'EntityDescriptor')
  if (entities.length === 0) throw invalid('this is no metadata of SAML: there is no EntityDescriptor')
  if (entityId !== undefined) {
    const found = entities.filter((one) => attributeOf(one, 'entityID') === entityId)
    if (found.length !== 1) throw invalid(`the metadata has no entity ${entityId.slice(0, 200)}`)
    return found[0] as Element
  }
  const providers = entities.filter((one) => roleIn(one, role) !== undefined)
  if (providers.length > 1) {
    const names = providers.slice(0, entitiesShown).map((one) => attributeOf(one, 'entityID'))
    throw invalid(`the metadata has ${providers.length} such entities: name one, such as ${names.join(', ')}`)
  }
  return providers[0] ?? (entities[0] as Element)
}

export const roleIn = (entity: Element, name: Role): Element | undefined =>
  children(entity, 'metadata', name).find((role) =>
    (attributeOf(role, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(protocol),
  )

/** Throws UpstreamFault. */
export function refuseExpired(element: Element, now: number): void {
  const until = attributeOf(element, 'validUntil')
  if (until !== null && !(Date.parse(until) > now))
    throw invalid(`the metadata expired on ${until.slice(0, 30)}`)
}

/** By HTTP-Redirect. */
export const endpointOf = (role: Element, name: string): string | undefined => {
  const found = children(role, 'metadata', name).find(
    (one) => attributeOf(one, 'Binding') === redirectBinding,
  )
  const url = found && attributeOf(found, 'Location')
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

/** For signing, or for any use. Throws UpstreamFault. */
export function signingCertificates(role: Element): X509Certificate[] {
  const texts = children(role, 'metadata', 'KeyDescriptor')
    .filter((key) => [null, 'signing'].includes(attributeOf(key, 'use')))
    .flatMap((key) => descendants(key, 'signature', 'X509Certificate'))
    .map((element) => textOf(element).replaceAll(/\s/g, ''))
  const certificates = [...new Set(texts)].map(certificateIn)
  if (certificates.length > certificatesMax) throw invalid('the metadata has too many certificates')
  return certificates
}
