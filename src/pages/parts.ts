import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { type PageWords, words } from '../words/pages.ts'
import { inSentence, say } from '../words/say.ts'
import { type Html, html } from './html.ts'

export type Fault = keyof PageWords['faults']
export type Said = keyof PageWords['said']

/**
 * What went wrong, said where a screen reader hears it first. `own`: in the method's own words; `wait`: in
 * minutes.
 */
export function alert(
  locale: Locale,
  fault: Fault | null,
  { own, wait }: { own?: string | undefined; wait?: string | undefined } = {},
): Html | false {
  if (fault === null) return false
  const { faults } = words[locale]
  const text =
    fault === 'wrong' && own !== undefined
      ? own
      : fault === 'throttled' && wait !== undefined
        ? say(locale, faults.throttledFor, { minutes: Number(wait) })
        : faults[fault]
  return html`<div role="alert"><p id="fault">${text}</p></div>`
}

/** Stands for a person, until there is a picture. */
export const avatar = (label: string): Html =>
  html`<span class="avatar" aria-hidden="true">${[...label.trim()][0]?.toUpperCase() ?? ''}</span>`

/** A long address breaks before its at sign, if it must. */
export const breakable = (text: string): Html =>
  html`${text.split(/(?=@)/).map((part, place) => html`${place > 0 && html`<wbr>`}${part}`)}`

export const methodLabel = (locale: Locale, { id, words: own }: MethodDefinition): string =>
  own[locale].label ?? id

/** A sentence of the pages with a method in it, such as `Add {method}`. */
export const sayMethod = (locale: Locale, message: string, method: MethodDefinition): string =>
  say(locale, message, { method: inSentence(locale, methodLabel(locale, method)) })

/** What went well. */
export const note = (locale: Locale, said: Said | null): Html | false =>
  said !== null && html`<div role="status" class="note"><p>${words[locale].said[said]}</p></div>`

/** A form that is one button. */
export function buttonForm(given: {
  path: string
  label: string | Html
  kind?: string
  hidden?: Readonly<Record<string, string>>
  until?: number
}): Html {
  const { path, label, kind = 'quiet', hidden = {}, until } = given
  return html`<form method="post" action="${path}">${hiddenFields(hidden)}<button class="${kind}"${until !== undefined && until > 0 && html` data-until="${until}"`}>${label}</button></form>
`
}

export const hiddenFields = (values: Readonly<Record<string, string>>): Html[] =>
  Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
