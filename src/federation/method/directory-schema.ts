import { type Static, Type } from 'typebox'
import { slugPattern } from '../../domain/connection.ts'

// What directories skip when they compare names (RFC 4518 §2.2) is refused: each such sign would make another
// name for the limits of guessing. A directory may end a text at a zero, and take the password as empty.
const username = Type.String({
  pattern:
    '^(?! )(?!.*(?: $|  ))[^\\p{C}\\p{Zl}\\p{Zp}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\ufe00-\\ufe0f\\uffa0]+$',
  maxLength: 254,
  description: 'As the directory knows the user',
})
const password = Type.String({ pattern: '^[^\\u0000]+$', maxLength: 256, description: 'Of the directory' })
const connection = Type.Optional(
  Type.String({
    pattern: slugPattern,
    description:
      'The slug of the connection, as an offer names it; by default that of the organisation whose address is typed, or the first one',
  }),
)

export const settings = Type.Object({})
export const state = Type.Object({})
export const answer = Type.Object({ username, password, connection }, { additionalProperties: false })

export type Settings = Static<typeof settings>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
