import { type Static, Type } from 'typebox'
import { slugPattern } from '../../domain/connection.ts'
import { upstreamAnswer } from '../../domain/upstream-answer.ts'

export const settings = Type.Object({})
export const asks = Type.Object(
  {
    connection: Type.String({
      pattern: slugPattern,
      description: 'The slug of the connection, as an offer names it',
    }),
  },
  { additionalProperties: false },
)
export const data = Type.Object({
  connection: Type.String({ description: 'By which it was last used' }),
  issuer: Type.String(),
  subject: Type.String(),
  email: Type.Union([Type.String(), Type.Null()], { description: 'As the provider last said' }),
  name: Type.Union([Type.String(), Type.Null()], { description: 'As the provider last said' }),
  kept: Type.Optional(Type.String({ description: 'Tokens of the provider, sealed to the credential' })),
})
export const state = Type.Object({
  connection: Type.String(),
  stateHash: Type.String(),
  memory: Type.Record(Type.String(), Type.Unknown()),
})
export const answer = Type.Object(upstreamAnswer.properties, {
  additionalProperties: false,
  description: 'The parameters that the provider sent to the redirect URI',
})

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
