import { type Static, Type } from 'typebox'

export const settings = Type.Object({})
export const data = Type.Object({
  /** By position in the set; null if the code was used. */
  hashes: Type.Array(Type.Union([Type.String(), Type.Null()])),
})
export const state = Type.Object({ codes: Type.Optional(Type.Array(Type.String())) })
export const answer = Type.Object(
  {
    code: Type.String({
      pattern:
        '^[^0-9A-Za-z\\uff10-\\uff5a]*(?:[0-9A-Za-z\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a][^0-9A-Za-z\\uff10-\\uff5a]*){12}$',
      maxLength: 64,
      description: 'One of the ten saved codes',
      examples: ['0k7q-9xm4-dhr2'],
    }),
  },
  { additionalProperties: false },
)
export const enrolAnswer = Type.Object(
  {
    confirm: Type.Optional(
      Type.Literal(true, {
        description: 'The codes are saved: they are valid from now on, and former ones are not',
      }),
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
