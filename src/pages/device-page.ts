import type { Locale } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'

export type DeviceFault = 'notFound' | 'expired' | 'used' | 'refused'

/** The code that a television or a terminal shows. */
export function deviceCodePage(given: {
  locale: Locale
  path: string
  xsrf: string
  /** From the link that the device shows; empty if it is typed. */
  code: string
  fault: DeviceFault | null
}): PageContent {
  const { locale, path, xsrf, code, fault } = given
  const own = words[locale]
  return {
    title: own.device.title,
    body: html`<h1>${own.device.title}</h1>
<p>${own.device.text}</p>
${fault !== null && html`<div role="alert"><p id="fault">${own.device[fault]}</p></div>`}
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="confirm" value="yes">
<label for="user_code">${own.device.code}</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" value="${code}" required autofocus>
<button>${own.signIn.continue}</button>
</form>`,
  }
}
