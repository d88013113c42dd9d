import { Type } from 'typebox'
import type { Said } from '../../pages/parts.ts'
import { words } from '../../words/pages.ts'

/** What a page says was just done, in its query. */
export const saidQuery = { said: Type.Optional(Type.Enum(Object.keys(words.en.said) as Said[])) }

/** A page, with what was just done. */
export const saying = (path: string, said: Said): string => `${path}?said=${said}`
