import type { MetadataSource } from '../../../domain/metadata-source.ts'
import type { ServiceProvider } from '../../../domain/saml-application.ts'
import type { UpstreamFetch } from '../../upstream-fetch.ts'
import { roleIn } from '../entity.ts'
import { invalid } from '../invalid.ts'
import { loadEntity } from '../load-entity.ts'
import { certificatesFor, endpointOf } from '../metadata.ts'
import { attributeOf, children } from '../xml.ts'

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const acsMax = 20
const role = 'SPSSODescriptor'

/** What the metadata of an application says (SAML Metadata §2.4.4). Throws UpstreamFault. */
export async function readServiceProvider(
  source: MetadataSource,
  now: number,
  upstreamFetch: UpstreamFetch,
): Promise<ServiceProvider> {
  const entity = await loadEntity(source, { role, now }, upstreamFetch)
  const descriptor = roleIn(entity, role)
  if (!descriptor) throw invalid('the entity is no service provider of SAML 2.0')
  const acsUrls = acsIn(descriptor)
  if (acsUrls.length === 0) throw invalid('the application has no address for responses by HTTP-POST')
  if (acsUrls.length > acsMax)
    throw invalid(`the application has more than ${acsMax} addresses for responses`)
  const logout = endpointOf(descriptor, 'SingleLogoutService')
  const [encryption] = certificatesFor(descriptor, 'encryption')
  return {
    entityId: attributeOf(entity, 'entityID') ?? '',
    acsUrls,
    logoutUrl: logout?.url ?? null,
    logoutResponseUrl: logout?.responseUrl ?? null,
    certificates: certificatesFor(descriptor, 'signing').map(({ raw }) => raw.toString('base64')),
    encryptionCertificate: encryption?.raw.toString('base64') ?? null,
  }
}

/** The default one first. */
function acsIn(descriptor: Element): string[] {
  const found = children(descriptor, 'metadata', 'AssertionConsumerService').filter(
    (one) => attributeOf(one, 'Binding') === postBinding,
  )
  const isDefault = (one: Element): number => (attributeOf(one, 'isDefault') === 'true' ? 0 : 1)
  const urls = found
    .toSorted((a, b) => isDefault(a) - isDefault(b))
    .map((one) => attributeOf(one, 'Location') ?? '')
  return [...new Set(urls)]
}
