import { invalid } from './invalid.ts'
import { verifiedMessage } from './verified-message.ts'
import { attributeOf, children, descendants, isNamed, parseXml } from './xml.ts'

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const entitiesShown = 5

type Role = 'IDPSSODescriptor' | 'SPSSODescriptor'

export interface WantedEntity {
  /** Undefined if the document has one. */
  entityId: string | undefined
  role: Role
  /** The certificate by which the document must be signed; undefined if that is not demanded. */
  signedBy: string | undefined
  now: number
}

/** What a metadata document says of one entity (SAML Metadata §2.3.2). Throws UpstreamFault. */
export async function entityIn(xml: string, { signedBy, now, ...wanted }: WantedEntity): Promise<Element> {
  const root = signedBy === undefined ? parseXml(xml) : await signedRoot(xml, signedBy)
  const entity = chosen(root, wanted)
  for (let one: Element | null = entity; one?.localName; one = one.parentNode as Element | null)
    refuseExpired(one, now)
  return entity
}

async function signedRoot(xml: string, certificate: string): Promise<Element> {
  const { root, isSigned } = await verifiedMessage(xml, [certificate])
  if (!isSigned) throw invalid('the metadata is not signed')
  return root
}

/** The entity of that name, or the only one with the role. */
function chosen(root: Element, { entityId, role }: Pick<WantedEntity, 'entityId' | 'role'>): Element {
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

function refuseExpired(element: Element, now: number): void {
  const until = attributeOf(element, 'validUntil')
  if (until !== null && !(Date.parse(until) > now))
    throw invalid(`the metadata expired on ${until.slice(0, 30)}`)
}
