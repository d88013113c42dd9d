import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { avatar } from '../parts.ts'

/** Which of several organisations an application's tokens are for. */
export function organisationChoicePage(given: {
  locale: Locale
  path: string
  client: string
  organisations: readonly { id: string; name: string }[]
}): PageContent {
  const { locale, path, client, organisations } = given
  const own = words[locale].organisation
  return {
    title: own.chooseTitle,
    body: html`<h1>${own.chooseTitle}</h1>
<p>${say(locale, own.chooseText, { client })}</p>
<form method="post" action="${path}">
${organisations.map(
  ({ id, name }) =>
    html`<button class="chip" name="organisation" value="${id}">${avatar(name)}<span><strong>${name}</strong></span></button>\n`,
)}</form>`,
  }
}
