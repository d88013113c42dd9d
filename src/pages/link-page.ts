import type { Locale } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { type Html, html } from './html.ts'
import { type Reader, sayHtml, timeOf } from './time.ts'

export interface LinkPage {
  reader: Reader
  path: string
  challenge: string
  token: string
  /** A button in the browser that began; elsewhere, the number shown on the other screen. */
  isHere: boolean
  /** Where and when it was begun, so that an unexpected link is recognised. */
  source: string
  startedAt: number
  fault: boolean
}

/** What a mailed link opens: nothing happens before the button is pressed. */
export function linkPage({ reader, path, challenge, token, isHere, source, startedAt, fault }: LinkPage): {
  title: string
  body: Html
} {
  const { locale } = reader
  const own = words[locale].link
  const title = isHere ? own.hereTitle : own.elsewhereTitle
  const begun = sayHtml(locale, own.begun, { time: timeOf(reader, startedAt), source })
  const number = html`<label for="number">${own.number}</label>
<input id="number" name="number" type="text" inputmode="numeric" autocomplete="off" maxlength="2" required${fault && html` aria-invalid="true" aria-describedby="number-fault"`}>
${fault && html`<p class="fault" id="number-fault">${own.numberWrong}</p>`}`
  return {
    title,
    body: html`<h1>${title}</h1>
<p>${isHere ? own.here : own.elsewhere}</p>
<p class="hint">${begun}</p>
<form method="post" action="${path}">
<input type="hidden" name="challenge" value="${challenge}">
<input type="hidden" name="token" value="${token}">
${!isHere && number}
<button>${isHere ? own.hereButton : own.elsewhereButton}</button>
</form>`,
  }
}

export function linkResultPage({
  locale,
  outcome,
}: {
  locale: Locale
  outcome: 'over' | 'signed_in' | 'go_on' | 'approved'
}): {
  title: string
  body: Html
} {
  const own = words[locale].link
  const [title, text] = {
    over: [own.overTitle, own.over],
    signed_in: [own.signedInTitle, own.signedIn],
    go_on: [own.goOnTitle, own.goOn],
    approved: [own.approvedTitle, own.approved],
  }[outcome] as [string, string]
  const ways: Partial<Record<typeof outcome, [string, string]>> = {
    signed_in: ['/account', words[locale].site.account],
    over: ['/signin', words[locale].signIn.title],
  }
  const [url, label] = ways[outcome] ?? []
  const link = url !== undefined && html`\n<a class="button quiet" href="${url}">${label}</a>`
  return { title, body: html`<h1>${title}</h1>\n<p>${text}</p>${link}` }
}
