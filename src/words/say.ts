import { IntlMessageFormat } from 'intl-messageformat'
import type { Locale } from '../domain/locale.ts'
import { chooseParticles } from './korean-particles.ts'

const parsed = new Map<string, IntlMessageFormat>()

/**
 * A message with its values in place: plurals and numbers by the language's rules (ICU MessageFormat), Korean
 * particles by the word before them.
 */
export function say(
  locale: Locale,
  message: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const key = `${locale} ${message}`
  const format = parsed.get(key) ?? new IntlMessageFormat(message, locale, undefined, { ignoreTag: true })
  parsed.set(key, format)
  const text = String(format.format(values))
  return locale === 'ko' ? chooseParticles(text) : text
}

const dateFormats = new Map<Locale, Intl.DateTimeFormat>()

/** In the reader's language, and in the zone of the server: `2026. 11. 24. 오후 8:15`. */
export function sayTime(locale: Locale, milliseconds: number): string {
  // Created when needed: each loads its language's calendar data.
  const format =
    dateFormats.get(locale) ?? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  dateFormats.set(locale, format)
  return format.format(milliseconds)
}

/** `a, b or c`, as the language lists things. */
export const sayList = (
  locale: Locale,
  items: readonly string[],
  type: 'conjunction' | 'disjunction',
): string => new Intl.ListFormat(locale, { type }).format(items)
