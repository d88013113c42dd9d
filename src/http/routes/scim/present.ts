import { toTimestamp } from '../../../domain/clock.ts'
import type { ScimGroup, ScimUser } from '../../../domain/provisioning.ts'
import type { Resource } from '../../../domain/scim/resource.ts'
import { groupKind, type ResourceKind, urns, userKind } from '../../../domain/scim/schemas.ts'
import type { GroupMember } from '../../../store/queries/scim-groups.ts'

/** Where the service is. */
export const scimBase = (issuer: string): string => `${issuer}/scim/v2`

export const versionOf = ({ revision }: { revision: number }): string => `W/"${revision}"`

const metaOf = (
  issuer: string,
  { name, endpoint }: ResourceKind,
  row: Pick<ScimUser, 'createdAt' | 'updatedAt' | 'revision'> & { id: string },
) => ({
  resourceType: name,
  created: toTimestamp(row.createdAt),
  lastModified: toTimestamp(row.updatedAt),
  location: `${scimBase(issuer)}${endpoint}/${row.id}`,
  version: versionOf(row),
})

/** `groups`: null where they are not read. */
export function presentUser(issuer: string, user: ScimUser, groups: readonly ScimGroup[] | null): Resource {
  const extensions = Object.keys(userKind.extensions).filter((urn) => urn in user.attributes)
  return {
    schemas: [urns.user, ...extensions],
    id: user.id,
    ...user.attributes,
    ...(groups && {
      groups: groups.map(({ id, attributes }) => ({
        ...{ value: id, $ref: `${scimBase(issuer)}/Groups/${id}`, display: attributes.displayName },
        type: 'direct',
      })),
    }),
    meta: metaOf(issuer, userKind, user),
  }
}

/** `members`: null where they are not read. */
export const presentGroup = (
  issuer: string,
  group: ScimGroup,
  members: readonly GroupMember[] | null,
): Resource => ({
  schemas: [urns.group],
  id: group.id,
  ...group.attributes,
  ...(members && {
    members: members.map(({ userId, userName }) => ({
      ...{ value: userId, $ref: `${scimBase(issuer)}/Users/${userId}`, display: userName, type: 'User' },
    })),
  }),
  meta: metaOf(issuer, groupKind, group),
})
