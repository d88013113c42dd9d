import { type Static, Type } from 'typebox'

/**
 * Code points, after normalisation; NIST SP 800-63B-4 §3.1.1.2 asks for 8 beside another factor, 15 alone,
 * and at least 64 allowed.
 */
export const lengthMax = 256
// JSON Schema counts code points; the bound refuses very long values before they are read.
const password = Type.String({
  minLength: 1,
  maxLength: lengthMax,
  description: 'Any Unicode text',
  examples: ['correct horse battery staple'],
})

export const settings = Type.Object({
  lengthMin: Type.Integer({
    default: 8,
    minimum: 8,
    maximum: 64,
    description: 'Shortest password, in characters; 15 where it is the only factor (NIST SP 800-63B-4)',
  }),
})
/** `secretSealed`: what another system added to each password, if the hash does not hold it. */
export const data = Type.Object({ hash: Type.String(), secretSealed: Type.Optional(Type.String()) })
export const state = Type.Object({})
export const answer = Type.Object({ password }, { additionalProperties: false })

/** The current password; required if there is one. */
export const currentField = 'current_password'
export const enrolAnswer = Type.Object(
  { password, [currentField]: Type.Optional(password) },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
export type EnrolAnswer = Static<typeof enrolAnswer>
