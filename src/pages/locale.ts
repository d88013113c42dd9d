import { type Locale, locales } from '../domain/account.ts'

/** The first of `Accept-Language` that there are words for, by its weights (RFC 9110 §12.5.4). */
export function localeOf(header: string | undefined): Locale {
  const wanted = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((item) => {
      const [tag = '', weight] = item.trim().split(/;\s*q=/)
      return { language: tag.split('-')[0]?.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .sort((a, b) => b.weight - a.weight)
  const found = wanted.find(({ language, weight }) => weight > 0 && locales.includes(language as Locale))
  return (found?.language as Locale | undefined) ?? 'en'
}

/** The first of `ui_locales` that there are words for (OIDC Core §3.1.2.1). */
export const askedLocale = (tags: unknown): Locale | undefined =>
  String(tags ?? '')
    .split(' ')
    .map((tag) => locales.find((locale) => tag.split('-')[0]?.toLowerCase() === locale))
    .find(Boolean)
