import { type Static, Type } from 'typebox'
import { codePattern } from '../../domain/one-time-code.ts'

export const settings = Type.Object({})
export const data = Type.Object({})
export const state = Type.Object({
  tokenHash: Type.String(),
  codeHash: Type.String(),
  to: Type.String(),
  /** The number that the waiting device shows and the approving one must enter. */
  number: Type.String(),
  approved: Type.Boolean(),
})
export const answer = Type.Union(
  [
    Type.Object(
      { token: Type.String({ minLength: 20, maxLength: 128, description: 'From the link' }) },
      { additionalProperties: false },
    ),
    Type.Object(
      { code: Type.String({ pattern: codePattern, description: 'From the same mail' }) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        approved: Type.Literal(true, {
          description: 'The link was opened on another device, and approved there',
        }),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'One of: the token of the link, the code, or the approval by another device' },
)
export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
