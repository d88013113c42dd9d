import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { alert, buttonForm, type Fault, note, type Said } from '../parts.ts'

export interface MyOrganisationsPage {
  locale: Locale
  organisations: readonly { id: string; name: string; roles: readonly string[]; isAdmin: boolean }[]
  fault: Fault | null
  said: Said | null
}

/** The organisations that the account is in; each can be left, and its admins manage it. */
export function myOrganisationsPage({
  locale,
  organisations,
  fault,
  said,
}: MyOrganisationsPage): PageContent {
  const { organisation: own, account } = words[locale]
  const rows = organisations.map(({ id, name, roles, isAdmin }) => {
    const path = `/account/organisations/${id}`
    const aside = html`<span class="aside"> ${name}</span>`
    return html`<li><div>${name}<br><span class="hint">${rolesOf(locale, roles)}</span></div>
<div class="acts">${isAdmin && html`<a class="link" href="${path}">${own.manage}${aside}</a>`}${buttonForm({ path: `${path}/leave`, label: html`${own.leave}${aside}`, kind: 'plain' })}</div></li>
`
  })
  return {
    title: own.title,
    wide: true,
    signedIn: true,
    body: html`<h1>${own.title}</h1>
${alert(locale, fault)}
${note(locale, said)}
<section class="card" aria-label="${own.title}">
${rows.length === 0 ? html`<p class="hint">${own.none}</p>` : html`<ul class="rows">${rows}</ul>`}</section>
<p><a class="link" href="/account">${account.back}</a></p>`,
  }
}

/** `admin` by its word in the language; the others are names of applications. */
export function rolesOf(locale: Locale, roles: readonly string[]): string {
  const { admin, member } = words[locale].organisation
  return roles.length === 0 ? member : roles.map((role) => (role === 'admin' ? admin : role)).join(', ')
}
