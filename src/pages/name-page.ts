import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { field } from './fields.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { alert, avatar, breakable, type Fault, hiddenFields } from './parts.ts'
import { askBrowser } from './scripts/ask-browser.ts'
import { tellAsked } from './scripts/tell-asked.ts'
import { type UpstreamButton, upstreamButtons, upstreamRules } from './upstream-pages.ts'

export interface NamePage {
  locale: Locale
  purpose: 'sign-in' | 'recover'
  /** Where the form goes. */
  path: string
  /** The application to sign in to, if any. */
  client: string | null
  acr: string | null
  /** The brand's own text. */
  welcome: string | null
  name: string
  fault: Fault | null
  /** Minutes until it may be tried again. */
  wait: string | undefined
  /** Accounts that signed in on this browser, the last first. */
  recents: readonly { username: string; label: string }[]
  /** Where the form goes that removes one of them. */
  forgetPath: string
  /** Methods that identify the account themselves (discoverable). */
  nameless: readonly MethodDefinition[]
  /** Connections to upstream providers, in their order. */
  upstreams: readonly UpstreamButton[]
  /**
   * Where the browser continues after enough was proved, or after something was; `{attempt}` is replaced by
   * the attempt's id.
   */
  returnUrl: string
  continueUrl: string
  /** Other pages; null if there is no such page. */
  links: { signUp: string | null; recover: string; signIn: string }
}

/** The first page of a sign-in: asks for the identifier, or offers a passkey. */
export function namePage(page: NamePage): PageContent {
  const { locale, purpose, path, client, fault, name, nameless } = page
  const { signIn } = words[locale]
  const title = purpose === 'recover' ? signIn.recoverTitle : signInTitle(locale, client)
  const canAsk = purpose === 'sign-in' && nameless.length > 0
  return {
    title,
    ...(canAsk && { script: askingScript(nameless) }),
    rules: upstreamRules(page.upstreams),
    body: html`<h1>${title}</h1>
${purpose === 'recover' ? html`<p>${signIn.recoverText}</p>` : page.welcome !== null && html`<p>${page.welcome}</p>`}
${alert(locale, fault, { wait: page.wait })}
${recentAccounts(page)}
<form method="post" action="${path}">
${field(locale, {
  name: 'username',
  label: signIn.name,
  type: 'text',
  value: name,
  autocomplete: canAsk ? 'username webauthn' : 'username',
  maxlength: 254,
  required: true,
  autofocus: page.recents.length === 0,
  describedBy: fault === null ? undefined : 'fault',
})}
<button>${signIn.continue}</button>
</form>
${(canAsk || page.upstreams.length > 0) && html`<div class="or">${canAsk && askButtons(page)}${upstreamButtons(locale, page.upstreams)}</div>`}
${links(page)}`,
  }
}

export const signInTitle = (locale: Locale, client: string | null): string =>
  client === null ? words[locale].signIn.title : say(locale, words[locale].signIn.to, { client })

/** One press each, instead of typing. */
function recentAccounts({ locale, purpose, path, recents, forgetPath }: NamePage): Html | false {
  if (purpose === 'recover' || recents.length === 0) return false
  const own = words[locale].signIn
  const rows = recents.map(({ username, label }, place) => {
    const mark = place === 0 && html`<span class="mark">${own.recent}</span>`
    return html`<li><form method="post" action="${path}">${hiddenFields({ username })}${chip({ name: username, label }, mark)}</form>
<form method="post" action="${forgetPath}">${hiddenFields({ username })}<button class="plain" aria-label="${say(locale, own.forget, { name: label })}">×</button></form></li>
`
  })
  return html`<section aria-label="${own.recentTitle}"><ul class="recents">${rows}</ul></section>`
}

/** An account as a button: initial, what it is called, and what it is found by. */
const chip = ({ name, label }: { name: string; label: string }, mark: Html | false = false): Html => {
  const detail = label !== name && html`<span class="hint">${breakable(name)}</span>`
  return html`<button class="chip">${avatar(label)}<span><strong>${breakable(label)}</strong>${mark}${detail}</span></button>`
}

const askButtons = ({ locale, nameless, acr, returnUrl, continueUrl }: NamePage): Html =>
  html`${nameless.map(
    ({ id, words: own }) =>
      html`<button type="button" class="quiet" data-with-script data-ask data-autofill data-method="${id}" data-return-url="${returnUrl}" data-continue-url="${continueUrl}"${acr !== null && html` data-acr="${acr}"`}>${own[locale].signIn ?? own[locale].label}</button>
`,
  )}${askFaults(locale)}`

/** What can go wrong where the browser is asked, by the name of its exception (WebAuthn Level 3 §5.1). */
export function askFaults(locale: Locale): Html {
  const { faults } = words[locale]
  const lines = [
    ['', faults.wrong],
    ['NotAllowedError', faults.askCancelled],
    ['InvalidStateError', faults.askThere],
    ['SecurityError', faults.askInsecure],
  ] as const
  return html`<div role="alert" id="asked" hidden>${lines.map(([name, text]) => html`<p data-error="${name}">${text}</p>`)}</div>`
}

function links({ locale, purpose, links: { signUp, recover, signIn } }: NamePage): Html {
  const own = words[locale]
  if (purpose === 'recover')
    return html`<p class="or"><a class="link" href="${signIn}">${own.signIn.title}</a></p>`
  return html`<div class="or">
${signUp !== null && html`<div>${own.signIn.newHere} <a class="link" href="${signUp}">${own.signIn.makeAccount}</a></div>`}
<a class="link" href="${recover}">${own.signIn.lockedOut}</a>
</div>`
}

/** The page's script, with what each of the methods brings. */
export const askingScript = (methods: readonly MethodDefinition[]): string =>
  `(${askBrowser})({ ${methods
    .filter(({ browserScript }) => browserScript !== undefined)
    .map(({ id, browserScript }) => `${JSON.stringify(id)}: ${browserScript}`)
    .join(', ')} }, ${tellAsked})`

/** Account chooser for the signed-in accounts. */
export function choosePage(given: {
  locale: Locale
  client: string | null
  accounts: readonly { session: string; name: string; label: string }[]
  path: string
  another: string
}): PageContent {
  const { locale, client, accounts, path, another } = given
  const { signIn } = words[locale]
  const title = client === null ? signIn.alreadyTitle : signInTitle(locale, client)
  return {
    title,
    body: html`<h1>${title}</h1>
<p>${signIn.alreadyText}</p>
<ul class="recents">${accounts.map(
      ({ session, ...who }) =>
        html`<li><form method="post" action="${path}">${hiddenFields({ session })}${chip(who)}</form></li>
`,
    )}</ul>
<p class="or"><a class="link" href="${another}">${signIn.another}</a></p>`,
  }
}
