import type { Locale } from '../domain/account.ts'
import { toTimestamp } from '../domain/clock.ts'
import { type Html, html } from './html.ts'
import { pageWords } from './words.ts'

export interface LinkPage {
  locale: Locale
  path: string
  challenge: string
  token: string
  /** In the browser that began, a button is enough; elsewhere, the number that the other screen shows. */
  isHere: boolean
  /** Where and when it was begun, for whoever did not begin it. */
  source: string
  startedAt: number
  fault: boolean
}

/** What a mailed link opens: nothing happens before the button is pressed. */
export function linkPage({ locale, path, challenge, token, isHere, source, startedAt, fault }: LinkPage): { title: string; body: Html } {
  const words = pageWords[locale]
  const title = isHere ? words.linkHereTitle : words.linkElsewhereTitle
  const begun = words.linkBegun.replace('{time}', toTimestamp(startedAt).slice(0, 16).replace('T', ' ')).replace('{source}', source)
  const number = html`<label for="number">${words.linkNumber}</label>
<input id="number" name="number" type="text" inputmode="numeric" autocomplete="off" maxlength="2" required${fault && html` aria-invalid="true" aria-describedby="number-fault"`}>
${fault && html`<p class="fault" id="number-fault">${words.linkNumberWrong}</p>`}`
  return {
    title,
    body: html`<h1>${title}</h1>
<p>${isHere ? words.linkHere : words.linkElsewhere}</p>
<p class="hint">${begun}</p>
<form method="post" action="${path}">
<input type="hidden" name="challenge" value="${challenge}">
<input type="hidden" name="token" value="${token}">
${!isHere && number}
<button>${isHere ? words.linkHereButton : words.linkElsewhereButton}</button>
</form>`,
  }
}

export function linkResultPage({ locale, outcome }: { locale: Locale; outcome: 'over' | 'signed_in' | 'go_on' | 'approved' }): {
  title: string
  body: Html
} {
  const words = pageWords[locale]
  const [title, text] = {
    over: [words.linkOverTitle, words.linkOver],
    signed_in: [words.linkSignedInTitle, words.linkSignedIn],
    go_on: [words.linkGoOnTitle, words.linkGoOn],
    approved: [words.linkApprovedTitle, words.linkApproved],
  }[outcome] as [string, string]
  return { title, body: html`<h1>${title}</h1>\n<p>${text}</p>` }
}
