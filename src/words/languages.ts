import type { Locale } from '../domain/locale.ts'
import { de } from './de/index.ts'
import { en } from './en/index.ts'
import { es } from './es/index.ts'
import { fr } from './fr/index.ts'
import { ja } from './ja/index.ts'
import { ko } from './ko/index.ts'
import type { Language } from './language.ts'
import { zh } from './zh/index.ts'

export const allWords: Readonly<Record<Locale, Language>> = { en, ko, ja, zh, es, de, fr }
