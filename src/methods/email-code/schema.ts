import { type Static, Type } from 'typebox'
import { codePattern } from '../../domain/one-time-code.ts'

export const settings = Type.Object({})
export const data = Type.Object({})
export const state = Type.Object({ codeHash: Type.String(), to: Type.String() })
export const answer = Type.Object({ code: Type.String({ pattern: codePattern, examples: ['123456'] }) }, { additionalProperties: false })

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
export type State = Static<typeof state>
export type Answer = Static<typeof answer>
