import type { AuditEvent } from '../../domain/event.ts'
import { type PageWords, words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { type Html, html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { joined, type Reader, timeOf } from '../time.ts'

export interface ActivityLine {
  at: number
  what: keyof PageWords['activity']
  /** The method's name, where it is about one. */
  method: string
  source: string | null
}

/** Whether the owner is shown an event: those that there are words for. */
export const isShown = (kind: AuditEvent['kind']): kind is AuditEvent['kind'] & keyof PageWords['activity'] =>
  Object.hasOwn(words.en.activity, kind)

export function activityList(reader: Reader, lines: readonly ActivityLine[]): Html {
  const { locale } = reader
  const { activity, account } = words[locale]
  if (lines.length === 0) return html`<p class="hint">${account.noActivity}</p>`
  return html`<ul class="rows">${lines.map(({ at, what, method, source }) => {
    const time = timeOf(reader, at, { isAgo: true })
    const facts = [time, ...(source === null ? [] : [say(locale, account.from, { source })])]
    return html`<li><div>${say(locale, activity[what], { method })}<br><span class="hint">${joined(facts)}</span></div></li>
`
  })}</ul>`
}

/** What happened with the account, the newest first. `older`: where the next page is. */
export function activityPage(given: {
  reader: Reader
  lines: readonly ActivityLine[]
  older: string | null
}): PageContent {
  const { reader, lines, older } = given
  const { locale } = reader
  const own = words[locale].account
  return {
    title: own.activity,
    wide: true,
    signedIn: true,
    body: html`<h1>${own.activity}</h1>
<section class="card">${activityList(reader, lines)}
${older !== null && html`<a class="button quiet" href="${older}">${own.older}</a>`}
</section>
<a class="link" href="/account">${own.back}</a>`,
  }
}
