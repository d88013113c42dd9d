import type { Locale } from '../../domain/account.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'
import { ko } from './ko.ts'
import type { Words } from './words.ts'

export type { Words }

export const words: Readonly<Record<Locale, Words>> = { en, ko, ja }
