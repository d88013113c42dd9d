import type { Locale } from '../domain/account.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { say } from './say.ts'
import { words } from './words/index.ts'

export type DeviceFault = 'notFound' | 'expired' | 'used' | 'refused'

/** The code that a television or a terminal shows. */
export function deviceCodePage(given: { locale: Locale; path: string; xsrf: string; fault: DeviceFault | null }): PageContent {
  const { locale, path, xsrf, fault } = given
  const own = words[locale]
  return {
    title: own.device.title,
    body: html`<h1>${own.device.title}</h1>
<p>${own.device.text}</p>
${fault !== null && html`<div role="alert"><p id="fault">${own.device[fault]}</p></div>`}
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<label for="user_code">${own.device.code}</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" required autofocus>
<button>${own.signIn.continue}</button>
</form>`,
  }
}

/** Somebody else's device is the danger here (RFC 8628 §5.4): the page says what is connected, and what to compare. */
export function deviceConfirmPage(given: { locale: Locale; path: string; xsrf: string; client: string; userCode: string }): PageContent {
  const { locale, path, xsrf, client, userCode } = given
  const own = words[locale]
  return {
    title: own.device.confirmTitle,
    body: html`<h1>${own.device.confirmTitle}</h1>
<p>${say(locale, own.device.confirmText, { client })}</p>
<p class="code">${userCode}</p>
<p class="hint">${own.device.warning}</p>
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="user_code" value="${userCode}">
<button name="confirm" value="yes">${own.consent.allow}</button>
<button class="quiet" name="abort" value="yes">${own.consent.deny}</button>
</form>`,
  }
}
