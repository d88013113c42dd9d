import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { words } from '../words/pages.ts'
import { wayButton } from './account/way-pages.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'

/** Once after a sign-in that was typed: a method that needs no typing. `url`: where the user continues. */
export const offerPage = (given: { locale: Locale; method: MethodDefinition; url: string }): PageContent => {
  const { locale, method, url } = given
  const own = words[locale].signIn
  return {
    title: own.offerTitle,
    signedIn: true,
    body: html`<h1>${own.offerTitle}</h1>
<p>${own.offerText}</p>
${wayButton(method, own.offerAdd, '')}
<a class="button quiet" href="${url}">${words[locale].upstream.notNow}</a>`,
  }
}
