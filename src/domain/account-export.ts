import { type Static, Type } from 'typebox'
import { accountKinds, accountRoles, accountStates } from './account.ts'
import { idPattern } from './id.ts'
import { identifierKinds } from './identifier.ts'
import { locales } from './locale.ts'
import { membershipSources, organisationStates, rolePattern, rolesMax } from './organisation.ts'

/** Grows where a file of before could not be read any more. */
export const exportVersion = 1

const timestamp = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' })
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const text = Type.String({ maxLength: 400 })

/** An account in a file of `sumun export`: one line each. Secrets in `data` are `{ "$sealed": text }`. */
export const exportedAccount = Type.Object(
  {
    id: Type.String({ pattern: idPattern('acc') }),
    kind: Type.Enum([...accountKinds]),
    state: Type.Enum([...accountStates]),
    role: Type.Enum([...accountRoles]),
    name: orNull(Type.String({ maxLength: 200 })),
    locale: Type.Enum([...locales]),
    zone: orNull(text),
    created_at: timestamp,
    updated_at: timestamp,
    identifiers: Type.Array(
      Type.Object(
        {
          kind: Type.Enum([...identifierKinds]),
          value: text,
          display: text,
          verified_at: orNull(timestamp),
          suspended_at: orNull(timestamp),
          created_at: timestamp,
        },
        { additionalProperties: false },
      ),
      { maxItems: identifierKinds.length },
    ),
    credentials: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: idPattern('crd') }),
          kind: Type.String({ maxLength: 64 }),
          lookup: orNull(Type.String({ maxLength: 2000 })),
          name: orNull(text),
          data: Type.Object({}, { additionalProperties: true }),
          created_at: timestamp,
          last_used_at: orNull(timestamp),
          disabled_at: orNull(timestamp),
          suspended_at: orNull(timestamp),
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
    memberships: Type.Array(
      Type.Object(
        {
          organisation: text,
          roles: Type.Array(Type.String({ pattern: rolePattern }), { maxItems: rolesMax }),
          source: Type.Enum([...membershipSources]),
          break_glass: Type.Boolean(),
          created_at: timestamp,
          updated_at: timestamp,
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
)
export type ExportedAccount = Static<typeof exportedAccount>

export const exportedOrganisation = Type.Object(
  {
    slug: text,
    name: text,
    state: Type.Enum([...organisationStates]),
    policy: Type.Object({}, { additionalProperties: true }),
    brand: orNull(Type.Object({}, { additionalProperties: true })),
    created_at: timestamp,
    domains: Type.Array(
      Type.Object(
        { domain: text, token: text, verified_at: orNull(timestamp), created_at: timestamp },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
)
export type ExportedOrganisation = Static<typeof exportedOrganisation>

/** The last line of a file: how many there are of each. */
export interface ExportCounts {
  organisations: number
  accounts: number
  identifiers: number
  credentials: number
  memberships: number
}

export type ExportLine =
  | { sumun_export: number; issuer: string; exported_at: string }
  | { organisation: ExportedOrganisation }
  | { account: ExportedAccount }
  | { end: ExportCounts }
