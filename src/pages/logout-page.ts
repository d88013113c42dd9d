import type { Locale } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'

/** Asks first: another site could hold the link (logout CSRF). */
export function logoutPage(given: {
  locale: Locale
  path: string
  xsrf: string
  client: string | null
}): PageContent {
  const { locale, path, xsrf, client } = given
  const own = words[locale]
  return {
    title: own.logout.title,
    body: html`<h1>${own.logout.title}</h1>
${client !== null && html`<p>${say(locale, own.logout.for, { client })}</p>`}
<p>${own.logout.text}</p>
<form method="post" action="${path}">
<input type="hidden" name="xsrf" value="${xsrf}">
<button name="logout" value="yes">${own.logout.button}</button>
<button class="quiet">${own.logout.stay}</button>
</form>`,
  }
}
