import { type Static, Type } from 'typebox'
import type { Connection } from '../../domain/connection.ts'
import { memberSettings } from '../member-settings.ts'

const attribute = (description: string) =>
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9;-]{0,63}$', description })
const dn = (description: string) => Type.String({ minLength: 3, maxLength: 1024, description })

/** Of a connection to a directory by LDAP. Its client id is the DN of a service account. */
export const ldapSettings = Type.Object(
  {
    urls: Type.Array(
      Type.String({
        pattern: '^ldaps?://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?/?$',
        maxLength: 300,
      }),
      {
        minItems: 1,
        maxItems: 5,
        description: 'Servers, tried in this order: `ldaps:` by TLS, `ldap:` by StartTLS; never in clear',
      },
    ),
    ca: Type.Optional(
      Type.String({
        pattern: '^-----BEGIN CERTIFICATE-----',
        maxLength: 50_000,
        description: 'The certificate authority of the servers in PEM, in place of the usual ones',
      }),
    ),
    base_dn: dn('Below which users are searched'),
    user_dn: Type.Optional(
      Type.String({
        pattern: '^[^{}]*\\{username\\}[^{}]*$',
        maxLength: 1024,
        description:
          'The DN of a user, such as `uid={username},ou=people,dc=example,dc=com`; it replaces the search',
      }),
    ),
    login: Type.Array(attribute('An attribute'), {
      minItems: 1,
      maxItems: 5,
      description: 'The attributes that a typed name is compared with',
    }),
    filter: Type.Optional(
      Type.String({
        pattern: '^\\(.*\\)$',
        maxLength: 1024,
        description: 'What users must match as well (RFC 4515), such as `(objectClass=person)`',
      }),
    ),
    key: attribute('What identifies a user for good, such as `entryUUID`'),
    email: attribute('The attribute with the address'),
    name: attribute('The attribute with the name'),
    active_directory: Type.Optional(
      Type.Boolean({ description: 'Reads the account control and the primary group of Active Directory' }),
    ),
    group_base_dn: Type.Optional(dn('Below which groups are searched; `base_dn` by default')),
    group_member: Type.Optional(attribute('The attribute of a group with its members; `member` by default')),
    group_name: Type.Optional(attribute('The attribute with the name of a group; `cn` by default')),
    nested_groups: Type.Optional(
      Type.Boolean({ description: 'Whether groups in groups count; true by default' }),
    ),
    roles: memberSettings.roles,
    gone_max_percent: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description:
          'If more than this share of the users is found gone at once, and more than five, none of their sessions end until an operator says so; 10 by default',
      }),
    ),
  },
  { additionalProperties: false },
)
export type LdapSettings = Static<typeof ldapSettings>

/** Of this directory only: a key says nothing of which one has it. */
export const issuerOf = ({ id }: Pick<Connection, 'id'>): string => `ldap:${id}`
