import { Type } from 'typebox'
import { assurances } from './assurance.ts'
import type { OrganisationPolicy } from './organisation.ts'
import { schemaCheck } from './schema-check.ts'

/** As stored; see OrganisationPolicy. */
const schema = Type.Object(
  {
    acr: Type.Optional(Type.Enum([...assurances])),
    phishingResistant: Type.Optional(Type.Boolean()),
    methods: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 50 })),
    sessionHoursMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 8760 })),
  },
  { additionalProperties: false },
)
export const isOrganisationPolicy = schemaCheck(schema) as (value: unknown) => value is OrganisationPolicy
