import type { Locale } from '../domain/account.ts'
import type { ConsentScope } from '../domain/grant.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { say } from './say.ts'
import { type Words, words } from './words/index.ts'

/** What an application asks for, in words; `host` is where the answer goes, so that a borrowed name is seen through. */
export function consentPage(given: {
  locale: Locale
  path: string
  client: string
  host: string
  /** Who allows it. */
  name: string | null
  wanted: ConsentScope
}): PageContent {
  const { locale, path, client, host, name, wanted } = given
  const { consent } = words[locale]
  const title = say(locale, consent.title, { client })
  return {
    title,
    body: html`<h1>${title}</h1>
${name !== null && html`<p class="hint">${words[locale].signIn.as} <strong>${name}</strong></p>`}
<p>${say(locale, consent.text, { client })}</p>
<ul>
${sentencesOf(locale, wanted).map((sentence) => html`<li>${sentence}</li>\n`)}
</ul>
<p class="hint">${say(locale, consent.to, { host })}</p>
<form method="post" action="${path}">
<button name="decision" value="allow">${consent.allow}</button>
<button class="quiet" name="decision" value="deny">${consent.deny}</button>
</form>`,
  }
}

export function sentencesOf(locale: Locale, { scopes, claims, resources }: ConsentScope): string[] {
  const { consent } = words[locale]
  const other = (scope: string, resource: string) => say(locale, consent.scope_other, { scope, resource })
  const ofScope = (scope: string) => consent[`scope_${scope}` as keyof Words['consent']] ?? other(scope, '')
  const ofApis = Object.entries(resources).flatMap(([resource, some]) => some.map((scope) => other(scope, resource)))
  return [...scopes.map(ofScope), ...claims.map((claim) => say(locale, consent.claim_other, { claim })), ...ofApis]
}
