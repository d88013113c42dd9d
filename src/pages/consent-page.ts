import type { ConsentScope } from '../domain/grant.ts'
import type { Locale } from '../domain/locale.ts'
import { type PageWords, words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'

/**
 * What an application asks for; `host` is where the answer goes, so that an impostor's name is recognised.
 * For a device it shows the code to compare, against phishing with another person's code (RFC 8628 §5.4).
 */
export function consentPage(given: {
  locale: Locale
  path: string
  client: string
  host: string | null
  /** What the device shows, where it is one. */
  userCode: string | null
  /** Who allows it. */
  name: string | null
  wanted: ConsentScope
}): PageContent {
  const { locale, path, client, host, userCode, name, wanted } = given
  const { consent, device } = words[locale]
  const title = userCode === null ? say(locale, consent.title, { client }) : device.confirmTitle
  const sentences = sentencesOf(locale, wanted)
  return {
    title,
    body: html`<h1>${title}</h1>
${name !== null && html`<p class="hint">${words[locale].signIn.as} <strong>${name}</strong></p>`}
${userCode !== null && html`<p>${say(locale, device.confirmText, { client })}</p>\n<p class="code">${userCode}</p>\n<p class="hint">${device.warning}</p>`}
${
  sentences.length > 0 &&
  html`<p>${say(locale, consent.text, { client })}</p>
<ul>
${sentences.map((sentence) => html`<li>${sentence}</li>\n`)}
</ul>`
}
${host !== null && html`<p class="hint">${say(locale, consent.to, { host })}</p>`}
<form method="post" action="${path}">
<button name="decision" value="allow">${consent.allow}</button>
<button class="quiet" name="decision" value="deny">${consent.deny}</button>
</form>`,
  }
}

export function sentencesOf(locale: Locale, { scopes, claims, resources }: ConsentScope): string[] {
  const { consent } = words[locale]
  const other = (scope: string, resource: string) => say(locale, consent.scope_other, { scope, resource })
  const ofScope = (scope: string) =>
    consent[`scope_${scope}` as keyof PageWords['consent']] ?? other(scope, '')
  const ofApis = Object.entries(resources).flatMap(([resource, some]) =>
    some.map((scope) => other(scope, resource)),
  )
  return [
    ...scopes.map(ofScope),
    ...claims.map((claim) => say(locale, consent.claim_other, { claim })),
    ...ofApis,
  ]
}
