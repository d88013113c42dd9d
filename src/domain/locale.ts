/**
 * The supported languages with their own names, in the order in which pages offer them. A new one is a line
 * here and a folder in `src/words`; the compiler names what is missing.
 */
export const languages = {
  ko: '한국어',
  en: 'English',
  ja: '日本語',
  zh: '简体中文',
  es: 'Español',
  de: 'Deutsch',
  fr: 'Français',
} as const

export type Locale = keyof typeof languages

/** A name by language; English where a language has none of its own. */
export type LocalNames = Readonly<{ en: string } & Partial<Record<Locale, string>>>

export const locales = Object.keys(languages) as Locale[]

/** The supported language of a tag such as `ko-KR` or `en_GB` (RFC 5646). */
export const localeOfTag = (tag: string): Locale | undefined =>
  locales.find((locale) => locale === tag.toLowerCase().split(/[-_]/)[0])
