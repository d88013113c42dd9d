import type { Locale } from '../domain/account.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { fill, type SignInWords, signInWords } from './sign-in-words.ts'

/** The code that a television or a terminal shows. */
export function deviceCodePage(given: { locale: Locale; path: string; xsrf: string; fault: keyof SignInWords | null }): PageContent {
  const { locale, path, xsrf, fault } = given
  const words = signInWords[locale]
  return {
    title: words.deviceTitle,
    body: html`<h1>${words.deviceTitle}</h1>
<p>${words.deviceText}</p>
${fault !== null && html`<div role="alert"><p>${words[fault]}</p></div>`}
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<label for="user_code">${words.deviceCode}</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" required autofocus>
<button>${words.continue}</button>
</form>`,
  }
}

/** Somebody else's device is the danger here (RFC 8628 §5.4): the page says what is connected, and what to compare. */
export function deviceConfirmPage(given: { locale: Locale; path: string; xsrf: string; client: string; userCode: string }): PageContent {
  const { locale, path, xsrf, client, userCode } = given
  const words = signInWords[locale]
  return {
    title: words.deviceConfirmTitle,
    body: html`<h1>${words.deviceConfirmTitle}</h1>
<p>${fill(words.deviceConfirmText, { client })}</p>
<p class="code">${userCode}</p>
<p class="hint">${words.deviceWarning}</p>
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="user_code" value="${userCode}">
<button name="confirm" value="yes">${words.allow}</button>
<button class="quiet" name="abort" value="yes">${words.deny}</button>
</form>`,
  }
}
