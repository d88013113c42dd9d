import type { AccountIdentifier } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { words } from '../../words/pages.ts'
import { type Html, html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { alert, buttonForm, type Fault, note, type Said, sayMethod } from '../parts.ts'
import { joined, type Reader, sayHtml, timeOf } from '../time.ts'
import { type ActivityLine, activityList } from './activity-page.ts'

export interface RescuePage {
  reader: Reader
  /** `method` is undefined for a remembered browser. */
  credentials: readonly { credential: Credential; method: MethodDefinition | undefined }[]
  identifiers: readonly AccountIdentifier[]
  /** What can be set up, and is not there, or only in doubt. */
  missing: readonly MethodDefinition[]
  activity: readonly ActivityLine[]
  fault: Fault | null
  said: Said | null
}

/**
 * After an account was rescued: its owner keeps or removes what was set up meanwhile, and sets a password
 * anew.
 */
export function rescuePage(page: RescuePage): PageContent {
  const { reader, fault, said } = page
  const { locale } = reader
  const { rescue, account } = words[locale]
  const doubtful = [
    ...page.identifiers.map((one) => identifierRow(reader, one)),
    ...page.credentials.map((one) => credentialRow(reader, one)),
  ]
  return {
    title: rescue.title,
    wide: true,
    signedIn: true,
    body: html`<h1>${rescue.title}</h1>
<p>${rescue.text}</p>
${alert(locale, fault)}
${note(locale, said)}
<section class="card" aria-labelledby="doubtful"><h2 id="doubtful">${rescue.doubtful}</h2>
<p class="hint">${doubtful.length === 0 ? rescue.nothing : rescue.doubtfulText}</p>
${doubtful.length > 0 && html`<ul class="rows">${doubtful}</ul>`}</section>
${
  page.missing.length > 0 &&
  html`<section class="card" aria-labelledby="anew"><h2 id="anew">${rescue.anew}</h2>
<p class="hint">${rescue.anewText}</p>
<div class="row">${page.missing.map(
    (method) =>
      html`<a class="button quiet" href="/account/ways/${method.id}">${sayMethod(locale, account.replaceWay, method)}</a>`,
  )}</div></section>`
}
<section class="card" aria-labelledby="activity"><h2 id="activity">${account.activity}</h2>
${activityList(reader, page.activity)}</section>
<a class="button" href="/account">${rescue.finish}</a>`,
  }
}

function credentialRow(reader: Reader, { credential, method }: RescuePage['credentials'][number]): Html {
  const { locale } = reader
  const { account, rescue } = words[locale]
  const label = method?.words[locale].label ?? rescue.browser
  return row(locale, {
    path: `/account/rescue/credentials/${credential.id}`,
    name: credential.name ?? label,
    facts: [
      ...(credential.name === null ? [] : [label]),
      sayHtml(locale, account.addedOn, { time: timeOf(reader, credential.createdAt, { isAgo: true }) }),
    ],
  })
}

function identifierRow(reader: Reader, { kind, display, createdAt }: AccountIdentifier): Html {
  const { locale } = reader
  const { account } = words[locale]
  const added = sayHtml(locale, account.addedOn, { time: timeOf(reader, createdAt, { isAgo: true }) })
  const facts = [account[kind], added]
  return row(locale, { path: `/account/rescue/identifiers/${kind}`, name: display, facts })
}

function row(
  locale: Locale,
  { path, name, facts }: { path: string; name: string; facts: readonly (string | Html)[] },
): Html {
  const { account, rescue } = words[locale]
  const aside = html`<span class="aside"> ${name}</span>`
  return html`<li><div>${name}<span class="mark off">${rescue.suspended}</span><br><span class="hint">${joined(facts)}</span></div>
<div class="acts">${buttonForm({ path: `${path}/keep`, label: html`${rescue.keep}${aside}` })}${buttonForm({ path: `${path}/remove`, label: html`${account.remove}${aside}`, kind: 'quiet danger' })}</div></li>
`
}
