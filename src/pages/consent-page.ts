import type { Locale } from '../domain/account.ts'
import type { ConsentScope } from '../domain/grant.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { fill, type SignInWords, signInWords } from './sign-in-words.ts'

/** What an application asks for, in words; `host` is where the answer goes, so that a borrowed name is seen through. */
export function consentPage(given: { locale: Locale; path: string; client: string; host: string; wanted: ConsentScope }): PageContent {
  const { locale, path, client, host, wanted } = given
  const words = signInWords[locale]
  const title = fill(words.consentTitle, { client })
  return {
    title,
    body: html`<h1>${title}</h1>
<p>${fill(words.consentText, { client })}</p>
<ul>
${sentencesOf(words, wanted).map((sentence) => html`<li>${sentence}</li>\n`)}
</ul>
<p class="hint">${fill(words.consentTo, { host })}</p>
<form method="post" action="${path}">
<button name="decision" value="allow">${words.allow}</button>
<button class="quiet" name="decision" value="deny">${words.deny}</button>
</form>`,
  }
}

function sentencesOf(words: SignInWords, { scopes, claims, resources }: ConsentScope): string[] {
  const ofScope = (scope: string) => words[`scope_${scope}` as keyof SignInWords] ?? fill(words.scope_other, { scope, resource: '' })
  const ofApis = Object.entries(resources).flatMap(([resource, some]) => some.map((scope) => fill(words.scope_other, { scope, resource })))
  return [...scopes.map(ofScope), ...claims.map((claim) => fill(words.claim_other, { claim })), ...ofApis]
}
