import type { Locale } from '../domain/account.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { fill, signInWords } from './sign-in-words.ts'

/** Nobody is signed out by a link alone: another site could hold it. */
export function logoutPage(given: { locale: Locale; path: string; xsrf: string; client: string | null }): PageContent {
  const { locale, path, xsrf, client } = given
  const words = signInWords[locale]
  return {
    title: words.logoutTitle,
    body: html`<h1>${words.logoutTitle}</h1>
${client !== null && html`<p>${fill(words.logoutFor, { client })}</p>`}
<p>${words.logoutText}</p>
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<button name="logout" value="yes">${words.logoutButton}</button>
<button class="quiet">${words.stayButton}</button>
</form>`,
  }
}
