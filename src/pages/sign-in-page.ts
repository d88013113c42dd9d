import type { Locale } from '../domain/account.ts'
import type { FormField, MethodDefinition } from '../domain/method.ts'
import { askBrowser, askingScript } from './ask-browser.ts'
import { type Html, html } from './html.ts'
import { inputTypeOf } from './input-type.ts'
import type { PageContent } from './page-content.ts'
import { fill, type SignInWords, signInWords } from './sign-in-words.ts'

export interface SignInPage {
  locale: Locale
  /** Where the form goes. */
  path: string
  /** The application that somebody signs in to, if any. */
  client: string | null
  fault: keyof SignInWords | null
}

/** First the name. */
export function namePage({ locale, path, client, fault, name }: SignInPage & { name: string }): PageContent {
  const words = signInWords[locale]
  const title = titleOf(words, client)
  return {
    title,
    body: html`<h1>${title}</h1>
${alert(words, fault)}
<form method="post" action="${path}">
<label for="username">${words.name}</label>
<input id="username" name="username" type="text" value="${name}" autocomplete="username webauthn" maxlength="254" spellcheck="false" autocapitalize="none" required autofocus>
<button>${words.continue}</button>
</form>`,
  }
}

export interface ProvePage extends SignInPage {
  method: MethodDefinition
  /** What the method asked, once it was begun. */
  challenge: Record<string, unknown> | null
  others: readonly MethodDefinition[]
  /** True once something is proved. */
  isFurther: boolean
  attempt: { id: string }
  /** Where a browser goes that has proved enough. */
  onward: string
}

/** Then what proves it, by what the method declares; the others are a button away. */
export function provePage(page: ProvePage): PageContent {
  const { locale, path, client, fault, method, challenge, others, isFurther } = page
  const words = signInWords[locale]
  const label = method.words[locale].label
  const title = isFurther ? words.moreTitle : titleOf(words, client)
  const mustBegin = method.begin !== undefined && challenge === null
  const sentTo = typeof challenge?.sent_to === 'string' ? challenge.sent_to : null
  return {
    title,
    ...(method.script !== undefined && { script: askingScript(method.script) }),
    body: html`<h1>${title}</h1>
${!method.form.some((field) => method.words[locale][field.label] === label) && html`<p>${label}</p>`}
${sentTo !== null && html`<p role="status">${fill(words.sent, { to: sentTo })}</p>`}
${method.approve && !mustBegin && html`<p>${words.linkWaiting}</p>`}
${alert(words, fault)}
${method.script === undefined ? form(page) : askBrowser({ ...page, words })}
${
  others.length > 0 &&
  html`<h2>${words.otherWays}</h2>
${others.map(
  (
    other,
  ) => html`<form method="post" action="${path}"><input type="hidden" name="method" value="${other.id}"><input type="hidden" name="step" value="choose"><button class="quiet">${other.words[locale].label}</button></form>
`,
)}`
}`,
  }
}

const form = ({ path, method, challenge, locale, fault }: ProvePage): Html => {
  const words = signInWords[locale]
  const mustBegin = method.begin !== undefined && challenge === null
  return html`<form method="post" action="${path}">
<input type="hidden" name="method" value="${method.id}">
<input type="hidden" name="step" value="${mustBegin ? 'begin' : 'answer'}">
${!mustBegin && method.form.map((field) => fieldOf(field, method.words[locale], fault !== null))}
<button>${mustBegin ? words.send : words.submit}</button>
</form>`
}

const titleOf = (words: SignInWords, client: string | null): string =>
  client === null ? words.signInTitle : fill(words.signInTo, { client })

const alert = (words: SignInWords, fault: keyof SignInWords | null): Html | false =>
  fault !== null && html`<div role="alert"><p id="fault">${words[fault]}</p></div>`

const fieldOf = ({ name, type, autocomplete, label }: FormField, words: Record<string, string>, isWrong: boolean): Html =>
  html`<label for="${name}">${words[label] ?? label}</label>
<input id="${name}" name="${name}" type="${inputTypeOf({ type })}" autocomplete="${autocomplete}"${type === 'code' && html` inputmode="text"`} maxlength="256" spellcheck="false" autocapitalize="none" required autofocus${isWrong && html` aria-invalid="true" aria-describedby="fault"`}>
`
