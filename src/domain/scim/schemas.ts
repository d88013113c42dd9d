/** URNs of RFC 7643 and RFC 7644. */
export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  provider: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
} as const

/** An attribute that is kept (RFC 7643 §7). */
export interface Attribute {
  name: string
  type: 'string' | 'boolean' | 'complex' | 'reference'
  isMultiple: boolean
  isRequired: boolean
  caseExact: boolean
  uniqueness: 'none' | 'server'
  description: string
  parts: readonly Attribute[]
}

const attribute = (
  name: string,
  description: string,
  given: Partial<Omit<Attribute, 'name' | 'description'>> = {},
): Attribute => ({
  ...{ name, description, type: 'string', isMultiple: false, isRequired: false },
  ...{ caseExact: false, uniqueness: 'none', parts: [] },
  ...given,
})
const complex = (name: string, description: string, parts: readonly Attribute[], isMultiple = false) =>
  attribute(name, description, { type: 'complex', parts, isMultiple })

const valueParts = [
  attribute('value', 'The value'),
  attribute('display', 'For people'),
  attribute('type', 'Such as work or home'),
  attribute('primary', 'At most one of them', { type: 'boolean' }),
]
const several = (name: string, description: string) => complex(name, description, valueParts, true)

const externalId = attribute('externalId', 'Its id at the client', { caseExact: true })

export const userAttributes: readonly Attribute[] = [
  attribute('userName', 'Unique within the organisation', { isRequired: true, uniqueness: 'server' }),
  externalId,
  complex('name', 'The parts of the name', [
    attribute('formatted', 'The whole name'),
    attribute('familyName', 'The family name'),
    attribute('givenName', 'The given name'),
    attribute('middleName', 'Middle names'),
    attribute('honorificPrefix', 'Such as Dr.'),
    attribute('honorificSuffix', 'Such as III'),
  ]),
  attribute('displayName', 'The name that is shown'),
  attribute('nickName', 'How the user is called'),
  attribute('profileUrl', 'A page about the user', { type: 'reference' }),
  attribute('title', 'Such as Vice President'),
  attribute('userType', 'Such as Employee'),
  attribute('preferredLanguage', 'A language tag'),
  attribute('locale', 'For dates and numbers'),
  attribute('timezone', 'Of the IANA database'),
  attribute('active', 'False: the user is signed out and cannot sign in', { type: 'boolean' }),
  several('emails', 'Addresses; the primary one, or else the first, is the address of the account'),
  several('phoneNumbers', 'Phone numbers'),
  several('ims', 'Instant messaging'),
  several('photos', 'Pictures'),
  complex(
    'addresses',
    'Postal addresses',
    [
      ...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type'].map((name) =>
        attribute(name, 'Part of the address'),
      ),
      attribute('primary', 'At most one of them', { type: 'boolean' }),
    ],
    true,
  ),
  several('entitlements', 'What the user may have'),
  several('roles', 'Roles at the client; kept, and without effect here'),
  several('x509Certificates', 'Certificates'),
]

export const enterpriseAttributes: readonly Attribute[] = [
  attribute('employeeNumber', 'Within the organisation'),
  attribute('costCenter', 'The cost centre'),
  attribute('organization', 'The organisation'),
  attribute('division', 'The division'),
  attribute('department', 'The department'),
  complex('manager', 'The manager, who need not be here', [
    attribute('value', 'The id of the manager'),
    attribute('$ref', 'The URI of the manager', { type: 'reference' }),
    attribute('displayName', 'The name of the manager'),
  ]),
]

export const groupAttributes: readonly Attribute[] = [
  attribute('displayName', 'Unique within the organisation', { isRequired: true, uniqueness: 'server' }),
  externalId,
  complex(
    'members',
    'Users of the organisation',
    [
      attribute('value', 'The id of the user'),
      attribute('$ref', 'The URI of the user', { type: 'reference' }),
      attribute('display', 'For people'),
      attribute('type', 'User'),
    ],
    true,
  ),
]

/** What a resource consists of: attributes of its own, and those of extensions under their URNs. */
export interface ResourceKind {
  name: 'User' | 'Group'
  endpoint: '/Users' | '/Groups'
  urn: string
  attributes: readonly Attribute[]
  extensions: Readonly<Record<string, readonly Attribute[]>>
}

export const userKind: ResourceKind = {
  ...{ name: 'User', endpoint: '/Users', urn: urns.user, attributes: userAttributes },
  extensions: { [urns.enterprise]: enterpriseAttributes },
}
export const groupKind: ResourceKind = {
  ...{ name: 'Group', endpoint: '/Groups', urn: urns.group, attributes: groupAttributes, extensions: {} },
}

export const named = (attributes: readonly Attribute[], name: string): Attribute | undefined =>
  attributes.find((one) => one.name.toLowerCase() === name.toLowerCase())
