import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Application } from '../../domain/grant.ts'
import type { Locale } from '../../domain/locale.ts'
import { languages } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { Session } from '../../domain/session.ts'
import { deviceName } from '../../words/device-name.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { field } from '../fields.ts'
import { type Html, html } from '../html.ts'
import type { PageContent } from '../page-content.ts'
import { alert, avatar, buttonForm, type Fault, methodLabel, note, type Said, sayMethod } from '../parts.ts'
import { joined, type Reader, sayHtml, timeOf } from '../time.ts'
import { type UpstreamButton, upstreamButtons } from '../upstream-pages.ts'
import { type ActivityLine, activityList } from './activity-page.ts'
import { type SecurityCard, securityCard } from './security-card.ts'
import { wayButton } from './way-pages.ts'

export interface OverviewPage {
  reader: Reader
  account: AccountWithIdentifiers
  /** Its name, or an identifier. */
  label: string
  credentials: readonly {
    credential: Credential
    method: MethodDefinition
    details: Record<string, unknown>
    /** The name of the connection, of an identity elsewhere. */
    upstream: string | null
  }[]
  /** Those that these pages can set up. */
  canAdd: readonly MethodDefinition[]
  canLink: readonly UpstreamButton[]
  security: SecurityCard
  session: Session
  sessions: readonly Session[]
  applications: readonly Application[]
  activity: readonly ActivityLine[]
  /** Their names. */
  organisations: readonly string[]
  /** The organisation that invited the user on this browser. */
  invitedBy: string | null
  fault: Fault | null
  said: Said | null
}

/** The account on one page, with a link to each section. */
export function overviewPage(page: OverviewPage): PageContent {
  const { reader, account, label, fault, said } = page
  const { locale } = reader
  const own = words[locale].account
  const sections = [
    ['security', words[locale].security.title],
    ...(['ways', 'addresses', 'devices', 'applications', 'activity', 'profile', 'data'] as const).map(
      (id) => [id, own[id]] as const,
    ),
  ] as const
  return {
    title: own.title,
    wide: true,
    signedIn: true,
    body: html`<div class="identity">${avatar(label)}<div><h1>${own.title}</h1>
<p class="hint">${label}${mainAddress(account, label)}</p></div></div>
${alert(locale, fault)}
${note(locale, said)}
${page.invitedBy !== null && html`<div role="status" class="note"><p>${say(locale, words[locale].organisation.pending, { organisation: page.invitedBy })} <a href="/account/join">${words[locale].organisation.see}</a></p></div>`}
<nav class="sections" aria-label="${own.sections}">${sections.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${securityCard(locale, page.security)}
${ways(page)}
${addresses(locale, account)}
${devices(page)}
${applications(page)}
${organisations(page)}
<section class="card" aria-labelledby="activity"><h2 id="activity">${own.activity}</h2>
${activityList(reader, page.activity)}
<a class="link" href="/account/activity">${own.allActivity}</a></section>
${profile(locale, account)}
<section class="card" aria-labelledby="data"><h2 id="data">${own.data}</h2>
<p class="hint">${own.dataText}</p>
<a class="button quiet" href="/account/data">${own.download}</a>
<p class="or"><a class="link danger-link" href="/account/delete">${own.deleteTitle}</a></p></section>`,
  }
}

/** Beside the name, if that is not the address itself. */
function mainAddress({ identifiers }: AccountWithIdentifiers, label: string): string {
  const found = identifiers.find(({ kind }) => kind === 'email') ?? identifiers[0]
  return found && found.display !== label ? ` · ${found.display}` : ''
}

function profile(locale: Locale, { name, locale: spoken }: AccountWithIdentifiers): Html {
  const own = words[locale].account
  return html`<section class="card" aria-labelledby="profile"><h2 id="profile">${own.profile}</h2>
<form method="post" action="/account/profile">
${field(locale, { name: 'name', label: own.name, type: 'text', value: name ?? '', autocomplete: 'name', maxlength: 100 })}
<label for="locale">${own.language}</label>
<select id="locale" name="locale" autocomplete="language">${Object.entries(languages).map(
    ([one, called]) =>
      html`<option value="${one}" lang="${one}"${one === spoken && html` selected`}>${called}</option>`,
  )}</select>
<button class="quiet">${own.save}</button>
</form></section>`
}

function addresses(locale: Locale, { identifiers }: AccountWithIdentifiers): Html {
  const own = words[locale].account
  const rows = (['email', 'phone', 'username'] as const).map((kind) => {
    const found = identifiers.find((identifier) => identifier.kind === kind)
    if (kind === 'username' && !found) return html``
    const isVerified = found?.verifiedAt != null
    const mark =
      found && kind !== 'username'
        ? html`<span class="mark${!isVerified && ' off'}">${isVerified ? own.verified : own.unverified}</span>`
        : html``
    const act = found === undefined ? own.add : isVerified ? own.change : own.verify
    return html`<li><div><span class="hint">${own[kind]}</span><br>${found?.display ?? '–'}${mark}</div>
<div class="acts">${kind !== 'username' && html`<a class="link" href="/account/addresses/${kind}">${act}<span class="aside"> ${own[kind]}</span></a>`}</div></li>
`
  })
  return html`<section class="card" aria-labelledby="addresses"><h2 id="addresses">${own.addresses}</h2>
<p class="hint">${own.addressesText}</p>
<ul class="rows">${rows}</ul></section>`
}

function ways({ reader, credentials, canAdd, canLink }: OverviewPage): Html {
  const { locale } = reader
  const own = words[locale].account
  const labelOf = (method: MethodDefinition) => methodLabel(locale, method)
  const rows = credentials.map(({ credential, method, details, upstream }) => {
    const { id, disabledAt, lastUsedAt, createdAt } = credential
    const name = credential.name ?? upstream
    const facts = [
      lastUsedAt === null
        ? sayHtml(locale, own.addedOn, { time: timeOf(reader, createdAt, { isAgo: true }) })
        : sayHtml(locale, own.usedOn, { time: timeOf(reader, lastUsedAt, { isAgo: true }) }),
      ...(typeof details.begins_with === 'string' ? [`${details.begins_with}…`] : []),
      ...(typeof details.email === 'string' ? [details.email] : []),
      ...(typeof details.remaining === 'number'
        ? [say(locale, own.codesLeft, { count: details.remaining })]
        : []),
    ]
    return html`<li><div>${name ?? labelOf(method)}${disabledAt !== null && html`<span class="mark off">${own.off}</span>`}<br>
<span class="hint">${name !== null && html`${labelOf(method)} · `}${joined(facts)}</span></div>
<div class="acts"><a class="link" href="/account/credentials/${id}">${own.manage}<span class="aside"> ${name ?? labelOf(method)}</span></a></div></li>
`
  })
  const kinds = new Set(credentials.map(({ method }) => method.id))
  return html`<section class="card" aria-labelledby="ways"><h2 id="ways">${own.ways}</h2>
<p class="hint">${own.waysText}</p>
<ul class="rows">${rows}</ul>
<div class="row">${canAdd.map((method) => {
    const isReplaced = method.enrol?.holds === 'one' && kinds.has(method.id)
    return wayButton(method, sayMethod(locale, isReplaced ? own.replaceWay : own.addWay, method))
  })}</div>
${upstreamButtons(locale, canLink, { word: 'add' })}</section>`
}

function devices({ reader, session, sessions }: OverviewPage): Html {
  const { locale } = reader
  const own = words[locale].account
  const rows = sessions.map(({ id, userAgent, source, refreshedAt, authenticatedAt }) => {
    const device = deviceName(locale, userAgent)
    return html`<li><div>${device}${id === session.id && html`<span class="mark">${own.thisDevice}</span>`}<br>
<span class="hint">${sayHtml(locale, own.lastUsed, { time: timeOf(reader, Math.max(refreshedAt, authenticatedAt), { isAgo: true }), source: source ?? '?' })}</span></div>
<div class="acts">${id !== session.id && html`<form method="post" action="/account/devices/${id}/sign-out"><button class="plain">${own.signOutThis}<span class="aside"> ${device}</span></button></form>`}</div></li>
`
  })
  return html`<section class="card" aria-labelledby="devices"><h2 id="devices">${own.devices}</h2>
<ul class="rows">${rows}</ul>
${sessions.length > 1 && buttonForm({ path: '/account/devices/sign-out-others', label: own.signOutOthers })}</section>`
}

function organisations({ reader: { locale }, organisations }: OverviewPage): Html | false {
  const own = words[locale].organisation
  return (
    organisations.length > 0 &&
    html`<section class="card" aria-labelledby="organisations"><h2 id="organisations">${own.title}</h2>
<p class="hint">${organisations.join(', ')}</p>
<a class="button quiet" href="/account/organisations">${words[locale].account.manage}</a></section>`
  )
}

function applications({ reader: { locale }, applications }: OverviewPage): Html {
  const own = words[locale].account
  const rows = applications.map(
    ({
      id,
      name,
      scopes,
    }) => html`<li><div>${name}${scopes.length > 0 && html`<br><span class="hint">${say(locale, own.mayUse, { scopes: scopes.join(', ') })}</span>`}</div>
<div class="acts"><form method="post" action="/account/applications/${id}/withdraw"><button class="plain">${own.withdraw}<span class="aside"> ${name}</span></button></form></div></li>
`,
  )
  return html`<section class="card" aria-labelledby="applications"><h2 id="applications">${own.applications}</h2>
${rows.length === 0 ? html`<p class="hint">${own.noApplications}</p>` : html`<ul class="rows">${rows}</ul>`}</section>`
}
