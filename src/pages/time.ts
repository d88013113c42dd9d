import type { Locale } from '../domain/locale.ts'
import { say, sayTime } from '../words/say.ts'
import { Html, html } from './html.ts'

/** Who reads a time: in their language, in the zone of their browser as far as it is known. */
export interface Reader {
  locale: Locale
  zone: string | null
}

/**
 * A time, which a script puts into the zone of the browser. `isAgo`: as `3 minutes ago`, where it is of this
 * week.
 */
export const timeOf = ({ locale, zone }: Reader, at: number, { isAgo = false } = {}): Html =>
  html`<time datetime="${new Date(at).toISOString()}"${isAgo && html` data-ago`}>${sayTime(locale, at, { zone })}</time>`

const firstMark = 0xe000 // of the private use area, which no message has
const mark = /([\ue000-\ue0ff])/

/** A message, some of whose values are HTML. */
export function sayHtml(
  locale: Locale,
  message: string,
  values: Readonly<Record<string, string | number | Html>>,
): Html {
  const parts: Html[] = []
  const plain = Object.entries(values).map(([name, value]) => [
    name,
    value instanceof Html ? String.fromCharCode(firstMark + parts.push(value) - 1) : value,
  ])
  const text = say(locale, message, Object.fromEntries(plain))
  const pieces = text.split(mark).map((piece) => {
    const part = mark.test(piece) ? parts[piece.charCodeAt(0) - firstMark] : undefined
    return part ?? html`${piece}`
  })
  return html`${pieces}`
}

/** With a dot between them. */
export const joined = (facts: readonly (string | Html)[]): Html =>
  html`${facts.map((fact, place) => html`${place > 0 && ' · '}${fact}`)}`
