import type { Locale } from '../domain/locale.ts'
import { en } from './en/index.ts'
import { ja } from './ja/index.ts'
import { ko } from './ko/index.ts'
import type { Language } from './language.ts'

export const allWords: Readonly<Record<Locale, Language>> = { en, ko, ja }
