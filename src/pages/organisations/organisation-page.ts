import type { Locale } from '../../domain/locale.ts'
import type { Organisation, OrganisationDomain } from '../../domain/organisation.ts'
import { domainRecord } from '../../domain/organisation.ts'
import { words } from '../../words/pages.ts'
import { field } from '../fields.ts'
import { type Html, html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { alert, breakable, buttonForm, type Fault, note, type Said } from '../parts.ts'
import { joined, type Reader, sayHtml, timeOf } from '../time.ts'
import { rolesOf } from './my-organisations-page.ts'
import { type ProviderSection, providerSection } from './provider-section.ts'

export interface OrganisationPage {
  reader: Reader
  organisation: Organisation
  members: readonly {
    accountId: string
    label: string
    email: string | null
    roles: readonly string[]
    isAdmin: boolean
    breakGlass: boolean
    isOwn: boolean
  }[]
  /** For the next page of members; null on the last. */
  next: string | null
  invitations: readonly { id: string; email: string; roles: readonly string[]; expiresAt: number }[]
  domains: readonly OrganisationDomain[]
  provider: Pick<ProviderSection, 'connections' | 'isRequired' | 'own'>
  fault: Fault | null
  said: Said | null
}

/** What an admin of an organisation manages. */
export function organisationPage(page: OrganisationPage): PageContent {
  const { reader, organisation, fault, said } = page
  const { locale } = reader
  const own = words[locale].organisation
  const path = `/account/organisations/${organisation.id}`
  return {
    title: organisation.name,
    wide: true,
    signedIn: true,
    body: html`<h1>${organisation.name}</h1>
${alert(locale, fault)}
${note(locale, said)}
<section class="card" aria-labelledby="members"><h2 id="members">${own.members}</h2>
<ul class="rows">${page.members.map((one) => memberRow(locale, path, one))}</ul>
${page.next !== null && html`<a class="link" href="${path}?after=${page.next}">${own.moreMembers}</a>`}</section>
${invitations(page, path)}
${domains(locale, path, page.domains)}
${providerSection({ ...page.provider, locale, path })}
<p><a class="link" href="/account/organisations">${own.back}</a></p>`,
  }
}

function memberRow(locale: Locale, path: string, member: OrganisationPage['members'][number]): Html {
  const own = words[locale].organisation
  const { accountId, label, email, roles, isAdmin, breakGlass, isOwn } = member
  const aside = html`<span class="aside"> ${label}</span>`
  const at = `${path}/members/${accountId}`
  const facts = [
    rolesOf(locale, roles),
    ...(breakGlass ? [own.breakGlass] : []),
    ...(email !== null && email !== label ? [email] : []),
  ]
  return html`<li><div>${breakable(label)}${isOwn && html`<span class="mark">${own.you}</span>`}<br><span class="hint">${joined(facts)}</span></div>
<div class="acts">${buttonForm({ path: `${at}/${isAdmin ? 'not-admin' : 'admin'}`, label: html`${isAdmin ? own.makeMember : own.makeAdmin}${aside}`, kind: 'plain' })}${buttonForm({ path: `${at}/${breakGlass ? 'no-emergency' : 'emergency'}`, label: html`${breakGlass ? own.stopBreakGlass : own.allowBreakGlass}${aside}`, kind: 'plain' })}${!isOwn && buttonForm({ path: `${at}/remove`, label: html`${own.remove}${aside}`, kind: 'plain' })}</div></li>
`
}

function invitations({ reader, invitations }: OrganisationPage, path: string): Html {
  const { locale } = reader
  const own = words[locale].organisation
  const rows = invitations.map(({ id, email, roles, expiresAt }) => {
    const aside = html`<span class="aside"> ${email}</span>`
    const facts = [rolesOf(locale, roles), sayHtml(locale, own.until, { time: timeOf(reader, expiresAt) })]
    const at = `${path}/invitations/${id}`
    return html`<li><div>${breakable(email)}<br><span class="hint">${joined(facts)}</span></div>
<div class="acts">${buttonForm({ path: `${at}/resend`, label: html`${own.resend}${aside}`, kind: 'plain' })}${buttonForm({ path: `${at}/withdraw`, label: html`${own.withdraw}${aside}`, kind: 'plain' })}</div></li>
`
  })
  return html`<section class="card" aria-labelledby="invite"><h2 id="invite">${own.invite}</h2>
<p class="hint">${own.inviteText}</p>
<form method="post" action="${path}/invitations">
${field(locale, { name: 'email', label: own.email, type: 'email', inputmode: 'email', autocomplete: 'off', maxlength: 254, required: true })}
<label class="check"><input type="checkbox" name="admin" value="yes"> ${own.asAdmin}</label>
<button class="quiet">${own.send}</button>
</form>
${rows.length > 0 && html`<h3>${own.open}</h3>\n<ul class="rows">${rows}</ul>`}</section>`
}

function domains(locale: Locale, path: string, list: readonly OrganisationDomain[]): Html {
  const own = words[locale].organisation
  const rows = list.map((claim) => {
    const { domain, verifiedAt, missingSince } = claim
    const aside = html`<span class="aside"> ${domain}</span>`
    const isGood = verifiedAt !== null && missingSince === null
    const state = isGood ? own.isVerified : verifiedAt === null ? own.notVerified : own.missing
    const { name, value } = domainRecord(claim)
    const record = html`<p class="hint">${own.record}</p>
<dl class="record"><dt>${own.recordName}</dt><dd><code>${name}</code></dd><dt>${own.recordValue}</dt><dd><code>${value}</code></dd></dl>`
    const at = `${path}/domains/${domain}`
    return html`<li><div>${domain}<span class="mark${!isGood && ' off'}">${state}</span>${!isGood && record}</div>
<div class="acts">${!isGood && buttonForm({ path: `${at}/verify`, label: html`${own.verify}${aside}`, kind: 'plain' })}${buttonForm({ path: `${at}/remove`, label: html`${words[locale].account.remove}${aside}`, kind: 'plain' })}</div></li>
`
  })
  return html`<section class="card" aria-labelledby="domains"><h2 id="domains">${own.domains}</h2>
<p class="hint">${own.domainsText}</p>
${rows.length > 0 && html`<ul class="rows">${rows}</ul>`}
<form method="post" action="${path}/domains">
${field(locale, { name: 'domain', label: own.domain, hint: 'corp.example', type: 'text', inputmode: 'text', autocomplete: 'off', maxlength: 253, required: true })}
<button class="quiet">${own.addDomain}</button>
</form></section>`
}
