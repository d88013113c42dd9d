import type { ButtonColours } from '../domain/connection.ts'
import { escapeHtml } from '../domain/html-escape.ts'
import type { Locale } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { alert, buttonForm, type Fault } from './parts.ts'

const shownAtOnce = 3

/** A connection, as a button. */
export interface UpstreamButton {
  name: string
  /** SVG elements in a square of 24 units; null: the initial of the name. */
  mark: string | null
  /** Names the rule for its colours. */
  preset: string
  colours: ButtonColours | null
  /** Where the form goes. */
  path: string
  /** This browser last signed in by it. */
  isRecent: boolean
  /** Of the organisation that has the domain of the typed address: it stands first. */
  isHome: boolean
}

/** A button for each connection; the first three are shown, the others unfold. */
export function upstreamButtons(
  locale: Locale,
  buttons: readonly UpstreamButton[],
  { word = 'with', hidden = {} }: { word?: 'with' | 'add'; hidden?: Readonly<Record<string, string>> } = {},
): Html | false {
  if (buttons.length === 0) return false
  const own = words[locale].upstream
  const [first, others] = [buttons.slice(0, shownAtOnce), buttons.slice(shownAtOnce)]
  const button = ({ name, mark, preset, colours, path, isRecent }: UpstreamButton) => {
    const kind = colours && word === 'with' ? `quiet brand on-${preset}` : 'quiet brand'
    const label = html`${markOf(name, mark)}${say(locale, own[word], { name })}${isRecent && html`<span class="mark">${own.recent}</span>`}`
    return buttonForm({ path, label, kind, hidden })
  }
  return html`${first.map(button)}${others.length > 0 && html`<details><summary>${own.more}</summary>${others.map(button)}</details>`}`
}

/** The style of buttons that have colours of their own. */
export const upstreamRules = (buttons: readonly UpstreamButton[]): string =>
  buttons
    .flatMap(({ preset, colours }) =>
      colours
        ? [
            `.on-${preset} { background: ${colours.background}; border-color: ${colours.background} } .on-${preset}, .on-${preset} .mark { color: ${colours.ink} }\n`,
          ]
        : [],
    )
    .join('')

/** Beside the name, so that a screen reader skips it. */
function markOf(name: string, mark: string | null): Html {
  const initial = [...name][0]?.toUpperCase() ?? ''
  const drawn =
    mark ??
    `<circle cx="12" cy="12" r="12" fill="#5b6472"/><text x="12" y="17" font-size="14" font-family="sans-serif" font-weight="600" text-anchor="middle" fill="#fff">${escapeHtml(initial)}</text>`
  return html`<img class="brand-mark" alt="" src="${svgUrl(drawn)}">`
}

/** Shorter than base64; the page has at most 20 kB. */
function svgUrl(elements: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${elements}</svg>`
  return `data:image/svg+xml,${svg.replaceAll(/["%#<>]/g, encodeURIComponent)}`
}

/** The account has an address that the provider vouches for: it is proved first, by any other method. */
export const accountExistsPage = (given: {
  locale: Locale
  name: string
  address: string
  /** Where the sign-in begins. */
  path: string
}): PageContent => {
  const { locale, name, address, path } = given
  const own = words[locale].upstream
  return {
    title: own.existsTitle,
    body: html`<h1>${own.existsTitle}</h1>
<p>${say(locale, own.exists, { name, address })}</p>
${buttonForm({ path, label: words[locale].signIn.continue, kind: '', hidden: { username: address } })}`,
  }
}

/** Asks whether an identity that was proved in this browser belongs to this account from now on. */
export const confirmLinkPage = (given: {
  locale: Locale
  name: string
  account: string
  path: string
  fault: Fault | null
  /** The application's request that continues. */
  interaction: string | null
}): PageContent => {
  const { locale, name, account, path, fault, interaction } = given
  const own = words[locale].upstream
  const title = say(locale, own.linkTitle, { name })
  return {
    title,
    signedIn: true,
    body: html`<h1>${title}</h1>
${alert(locale, fault)}
<p>${say(locale, own.linkText, { name, account })}</p>
${buttonForm({ path, label: own.link, kind: '', hidden: interaction === null ? {} : { interaction } })}
<p class="or"><a class="link" href="/account">${own.notNow}</a></p>`,
  }
}
