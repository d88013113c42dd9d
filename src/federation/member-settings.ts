import { Type } from 'typebox'
import type { Connection } from '../domain/connection.ts'
import { rolePattern, rolesMax } from '../domain/organisation.ts'

const groupLengthMax = 256
const groupsMax = 200

/** How the groups of a directory become roles in the organisation of the connection. */
export const memberSettings = {
  groups_claim: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'The claim with the groups of a user; `groups` by default',
    }),
  ),
  roles: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1, maxLength: groupLengthMax }),
      Type.String({ pattern: rolePattern }),
      {
        maxProperties: groupsMax,
        description: 'The role of each group, in the organisation of the connection',
      },
    ),
  ),
}

/** The groups of a user: texts only, and not too many. */
export function groupsIn(
  { settings }: Pick<Connection, 'settings'>,
  claims: Readonly<Record<string, unknown>>,
): string[] {
  const { groups_claim: name = 'groups' } = settings as { groups_claim?: string }
  return [claims[name]]
    .flat()
    .filter((group): group is string => typeof group === 'string' && group.length <= groupLengthMax)
    .slice(0, groupsMax)
}

/** What a sign-in says of the membership; undefined if the connection is of no organisation. */
export function membershipBy(
  { organisationId, settings }: Pick<Connection, 'organisationId' | 'settings'>,
  groups: readonly string[],
): { organisationId: NonNullable<Connection['organisationId']>; roles: string[] | null } | undefined {
  if (organisationId === null) return undefined
  const { roles: map } = settings as { roles?: Record<string, string> }
  const held = map && groups.flatMap((group) => (Object.hasOwn(map, group) ? [map[group] as string] : []))
  return { organisationId, roles: held ? [...new Set(held)].sort().slice(0, rolesMax) : null }
}
