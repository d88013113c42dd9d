import { type Static, Type } from 'typebox'
import { crockfordClass } from '../../domain/crockford.ts'

export const daysMax = 730

export const settings = Type.Object({})
export const data = Type.Object({
  secretHash: Type.String(),
  scope: Type.String(),
  expiresAt: Type.Union([Type.Integer(), Type.Null()]),
})
export const state = Type.Object({})
export const answer = Type.Object(
  { key: Type.String({ pattern: `^sumun_sk_${crockfordClass}{74}$`, description: 'The whole key' }) },
  { additionalProperties: false },
)
export const enrolAnswer = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'What it is for',
      examples: ['nightly backup'],
    }),
    scope: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Separated by spaces; at most what its owner may do',
        examples: ['account'],
      }),
    ),
    expires_in_days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: daysMax, description: 'Left out: 90' }),
    ),
    replaces: Type.Optional(
      Type.String({ maxLength: 64, description: 'The key of the account that this one replaces' }),
    ),
    overlap_hours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 720,
        description: 'How long the replaced key stays valid; 24 by default',
      }),
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
export type EnrolAnswer = Static<typeof enrolAnswer>
