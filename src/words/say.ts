import { IntlMessageFormat } from 'intl-messageformat'
import type { Locale } from '../domain/locale.ts'
import { remembered } from '../domain/remembered.ts'
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

const dateFormatsMax = 200
const toTheMinute = {
  ...({ year: 'numeric', month: 'short', day: 'numeric' } as const),
  ...({ hour: 'numeric', minute: '2-digit' } as const),
}

/**
 * In the reader's language and zone: `2026년 11월 24일 오후 8:15`. `isNamed`: with the zone's name, which is
 * always there where the zone is not known, and UTC is shown.
 */
export function sayTime(
  locale: Locale,
  milliseconds: number,
  { zone, isNamed = false }: { zone: string | null; isNamed?: boolean },
): string {
  const name = zone === null || isNamed ? 'named' : ''
  return dateFormat(`${locale} ${zone ?? 'UTC'} ${name}`).format(milliseconds)
}

// Each holds its language's calendar data.
const dateFormat = remembered(dateFormatsMax, (key) => {
  const [locale, timeZone = 'UTC', name] = key.split(' ')
  return new Intl.DateTimeFormat(locale, {
    ...toTheMinute,
    ...(name && { timeZoneName: 'short' }),
    timeZone,
  })
})

/** A label within a sentence: English has a small letter there, unless it is a name such as `API key`. */
export const inSentence = (locale: Locale, label: string): string =>
  locale === 'en' && /^\p{Lu}\p{Ll}/u.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label
