/**
 * The supported languages with their own names, in the order in which pages offer them. A new one is a line
 * here, a folder in `src/words`, and a few words in each method; the compiler names what is missing.
 */
export const languages = { ko: '한국어', en: 'English', ja: '日本語' } as const

export type Locale = keyof typeof languages
export const locales = Object.keys(languages) as Locale[]
