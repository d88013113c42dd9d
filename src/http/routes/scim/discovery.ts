import type { FastifyInstance } from 'fastify'
import { type Attribute, groupKind, type ResourceKind, urns, userKind } from '../../../domain/scim/schemas.ts'
import { ScimFault } from '../../../domain/scim/scim-fault.ts'
import { scimBase } from './present.ts'

const kinds = [userKind, groupKind]
export const countMax = 200

/** What the service can do, and the schemas (RFC 7643 §5 to §7). */
export function discoveryRoutes(scim: FastifyInstance, issuer: string): void {
  const base = scimBase(issuer)
  const schema = { hide: true }
  const list = (resources: readonly unknown[]) => ({
    ...{ schemas: [urns.list], totalResults: resources.length, startIndex: 1 },
    ...{ itemsPerPage: resources.length, Resources: resources },
  })
  const schemas = kinds.flatMap(({ urn, name, attributes, extensions }) => [
    schemaOf(base, urn, name, attributes),
    ...Object.entries(extensions).map(([of, parts]) => schemaOf(base, of, 'EnterpriseUser', parts)),
  ])
  const types = kinds.map((kind) => typeOf(base, kind))

  scim.get('/ServiceProviderConfig', { schema }, () => providerConfig(base))
  scim.get('/Schemas', { schema }, () => list(schemas))
  scim.get<{ Params: { id: string } }>('/Schemas/:id', { schema }, ({ params }) =>
    found(schemas.find(({ id }) => id.toLowerCase() === params.id.toLowerCase())),
  )
  scim.get('/ResourceTypes', { schema }, () => list(types))
  scim.get<{ Params: { id: string } }>('/ResourceTypes/:id', { schema }, ({ params }) =>
    found(types.find(({ id }) => id === params.id)),
  )
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new ScimFault(404, null, 'There is no such resource')
  return value
}

const providerConfig = (base: string) => ({
  schemas: [urns.provider],
  documentationUri: 'https://datatracker.ietf.org/doc/html/rfc7644',
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: countMax },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      ...{ type: 'oauthbearertoken', name: 'Bearer token', primary: true },
      description: 'A token of the organisation, in the header Authorization (RFC 6750)',
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
})

const typeOf = (base: string, { name, endpoint, urn, extensions }: ResourceKind) => ({
  ...{ schemas: [urns.resourceType], id: name, name, endpoint, description: `A ${name.toLowerCase()}` },
  schema: urn,
  schemaExtensions: Object.keys(extensions).map((of) => ({ schema: of, required: false })),
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
})

const schemaOf = (base: string, id: string, name: string, attributes: readonly Attribute[]) => ({
  ...{ schemas: [urns.schema], id, name, description: `Attributes of ${name}` },
  attributes: attributes.map(attributeOf),
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
})

const attributeOf = (attribute: Attribute): Record<string, unknown> => ({
  ...{ name: attribute.name, type: attribute.type, multiValued: attribute.isMultiple },
  ...{ description: attribute.description, required: attribute.isRequired },
  ...{ caseExact: attribute.caseExact, mutability: 'readWrite' },
  ...{ returned: 'default', uniqueness: attribute.uniqueness },
  ...(attribute.parts.length > 0 && { subAttributes: attribute.parts.map(attributeOf) }),
})
