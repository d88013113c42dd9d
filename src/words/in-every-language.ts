import { type Locale, locales } from '../domain/locale.ts'
import type { Words } from '../domain/method.ts'
import { allWords } from './languages.ts'

/**
 * A method's words in every language. `english` stands in its folder; each other language has them in its own
 * (`words/<language>/methods.ts`), and what a language lacks is English.
 */
export const inEveryLanguage = (id: string, english: Readonly<Record<string, string>>): Words =>
  Object.fromEntries(
    locales.map((locale: Locale) => [locale, { ...english, ...allWords[locale].methods[id] }]),
  ) as Words
