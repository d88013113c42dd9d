import { type Static, Type } from 'typebox'

export const settings = Type.Object({})
export const data = Type.Object({})

export type Settings = Static<typeof settings>
export type Data = Static<typeof data>
