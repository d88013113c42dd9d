import { Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import { brandDocument } from '../../../domain/brand.ts'
import { slugPattern } from '../../../domain/connection.ts'
import { membershipSources, organisationStates, rolePattern, rolesMax } from '../../../domain/organisation.ts'
import { idOf, nullable, timestamp } from '../../schema/schemas.ts'

export const policy = Type.Object(
  {
    acr: Type.Optional(Type.Enum([...assurances], { description: 'The least assurance' })),
    phishing_resistant: Type.Optional(
      Type.Boolean({ description: 'One proof must be phishing-resistant, such as a passkey' }),
    ),
    methods: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        minItems: 1,
        maxItems: 50,
        description: 'Only these methods prove anything',
      }),
    ),
    session_hours_max: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 8760, description: 'How old a sign-in may be' }),
    ),
  },
  { additionalProperties: false, description: 'What it asks of its members beyond the server’s policy' },
)
export const slug = Type.String({ pattern: slugPattern, description: 'In parameters; unique' })
export const name = Type.String({ minLength: 1, maxLength: 100, examples: ['Hangang Electric'] })
export const state = Type.Enum([...organisationStates], {
  description: '`disabled`: its tokens and connections stop; its members keep their accounts',
})

export const brand = nullable(brandDocument)

export const organisationSchema = Type.Object(
  {
    ...{ id: idOf('org'), slug: Type.String(), name: Type.String(), state, policy },
    brand,
    revision: Type.Integer(),
    created_at: timestamp('When it was created'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'Organisation', description: 'A company, school or team whose members sign in here' },
)

export const domainSchema = Type.Object(
  {
    domain: Type.String(),
    verified: Type.Boolean(),
    verified_at: nullable(timestamp('When its TXT record was first found')),
    checked_at: nullable(timestamp('When the record was last looked up')),
    missing_since: nullable(timestamp('Since when the record is gone; after a week the domain is lost')),
    record: Type.Object(
      { type: Type.Literal('TXT'), name: Type.String(), value: Type.String() },
      { description: 'What to add at the domain’s name servers' },
    ),
  },
  { $id: 'OrganisationDomain', description: 'A mail domain of an organisation' },
)

export const roles = Type.Array(Type.String({ pattern: rolePattern }), {
  maxItems: rolesMax,
  description: '`admin` manages the organisation; every other role is a name for applications',
})

export const breakGlass = Type.Boolean({
  description: 'May sign in with a passkey where the organisation accepts only other methods',
})

export const memberSchema = Type.Object(
  {
    account_id: idOf('acc'),
    name: nullable(Type.String()),
    email: nullable(Type.String()),
    email_verified: Type.Boolean(),
    roles: Type.Array(Type.String()),
    source: Type.Enum([...membershipSources], { description: 'How they came in' }),
    break_glass: breakGlass,
    created_at: timestamp('Since when'),
  },
  { $id: 'Member', description: 'A member of an organisation' },
)

export const invitationSchema = Type.Object(
  {
    id: idOf('tkt'),
    email: Type.String(),
    roles: Type.Array(Type.String()),
    invited_by: Type.String(),
    created_at: timestamp('When it was sent'),
    expires_at: timestamp('When it expires'),
  },
  { $id: 'Invitation', description: 'An invitation that is open' },
)
