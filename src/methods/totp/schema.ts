import { type Static, Type } from 'typebox'
import { digitsPattern } from '../../domain/one-time-code.ts'

export const settings = Type.Object({
  algorithm: Type.Enum(['SHA1', 'SHA256', 'SHA512'], {
    default: 'SHA1',
    description: 'Of new authenticators; many apps support SHA1 only',
  }),
  digits: Type.Integer({
    default: 6,
    minimum: 6,
    maximum: 8,
    description: 'Length of the codes of new authenticators, 6 or 8',
  }),
})
export const data = Type.Object({
  secretSealed: Type.String(),
  algorithm: Type.String(),
  digits: Type.Integer(),
  /** The last accepted time step; earlier ones are refused. */
  lastStep: Type.Integer(),
})
export const state = Type.Object({ secret: Type.Optional(Type.String()) })
export const answer = Type.Object(
  {
    code: Type.String({
      pattern: digitsPattern(6, 8),
      maxLength: 64,
      description: 'From the authenticator app',
      examples: ['123456'],
    }),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
