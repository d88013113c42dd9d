import { type Locale, locales } from '../domain/locale.ts'
import type { PageWords } from './language.ts'
import { allWords } from './languages.ts'

export type { PageWords }

/** What the pages say, by language. */
export const words = Object.fromEntries(
  locales.map((locale) => [locale, allWords[locale].pages]),
) as Readonly<Record<Locale, PageWords>>
