import { type Locale, locales } from '../domain/locale.ts'

/** From the cookie of a reader who chose a language. */
export const languageCookie = 'sumun_language'
const chosen = new RegExp(`(?:^|;\\s*)(?:__Host-|__Secure-)?${languageCookie}=(\\w+)`)

export interface Wishes {
  cookie?: string | undefined
  /** By the application. */
  asked?: Locale | null | undefined
  /** `Accept-Language` (RFC 9110 §12.5.4). */
  accepted?: string | undefined
}

/**
 * The language that the reader chose, else the application's `ui_locales`, else the best match of
 * `Accept-Language`.
 */
export function localeOf({ cookie, asked, accepted }: Wishes): Locale {
  const kept = asLocale(chosen.exec(cookie ?? '')?.[1])
  if (kept ?? asked) return (kept ?? asked) as Locale
  const wanted = (accepted ?? '')
    .slice(0, 200)
    .split(',')
    .map((item) => {
      const [tag = '', weight] = item.trim().split(/;\s*q=/)
      return {
        language: tag.split('-')[0]?.toLowerCase(),
        weight: weight === undefined ? 1 : Number(weight) || 0,
      }
    })
    .sort((a, b) => b.weight - a.weight)
  return asLocale(wanted.find(({ language, weight }) => weight > 0 && asLocale(language))?.language) ?? 'en'
}

export const asLocale = (text: string | undefined): Locale | undefined =>
  locales.find((locale) => locale === text)

/** The first supported language of `ui_locales` (OIDC Core §3.1.2.1). */
export const askedLocale = (tags: unknown): Locale | undefined =>
  String(tags ?? '')
    .split(' ')
    .map((tag) => asLocale(tag.split('-')[0]?.toLowerCase()))
    .find(Boolean)
