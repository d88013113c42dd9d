import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { field } from '../fields.ts'
import { html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { alert, buttonForm, type Fault, note, type Said } from '../parts.ts'

export interface AddressPage {
  locale: Locale
  kind: 'email' | 'phone'
  /** What the account has now. */
  current: string | null
  isVerified: boolean
  /** Where numbers are read without `+`, such as `+82`; null if nowhere. */
  prefix: string | null
  /** Where a code is on its way to; null if none is. */
  sentTo: string | null
  waitSeconds: number
  fault: Fault | null
  said: Said | null
  /** What is wrong with what was typed. */
  message: string | undefined
  typed: string | undefined
}

/** An address is the account's once the code that went there has come back. */
export function addressPage({
  locale,
  kind,
  current,
  isVerified,
  prefix,
  sentTo,
  waitSeconds,
  fault,
  said,
  message,
  typed,
}: AddressPage): PageContent {
  const { account, signIn } = words[locale]
  const path = `/account/addresses/${kind}`
  const type = kind === 'email' ? 'email' : 'tel'
  const describedBy = fault === null ? undefined : 'fault'
  const ask = html`<form method="post" action="${path}">
${field(locale, { name: 'value', label: account[kind], type, inputmode: type, value: typed ?? ((!isVerified && current) || ''), message, ...(kind === 'phone' && prefix !== null && { hint: prefix }), autocomplete: type, maxlength: 254, required: true, autofocus: true, describedBy })}
<button>${account.sendCode}</button>
</form>`
  const confirm = html`<p role="status">${say(locale, account.codeSent, { to: sentTo ?? '' })}</p>
<form method="post" action="${path}/confirm">
${field(locale, { name: 'code', label: account.code, type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 16, required: true, autofocus: true, sms: kind === 'phone', describedBy })}
<button>${account.confirm}</button>
</form>
${buttonForm({ path, label: signIn.sendAgain, hidden: { value: sentTo ?? '' }, until: waitSeconds })}
<a class="button quiet" href="${path}?another=yes">${account.change}</a>`
  return {
    title: account[kind],
    signedIn: true,
    body: html`<h1>${account[kind]}</h1>
${current !== null && html`<p>${current}</p>`}
${alert(locale, fault, { own: account.codeWrong })}
${note(locale, said)}
${sentTo === null ? ask : confirm}
${current !== null && said !== 'welcome' && html`<div class="or">${buttonForm({ path: `${path}/remove`, label: account.remove, kind: 'quiet danger' })}</div>`}
<p class="or"><a class="link" href="/account">${said === 'welcome' ? account.skip : account.back}</a></p>`,
  }
}
