import { type Brand, inkOn } from '../domain/brand.ts'
import type { Locale } from '../domain/locale.ts'
import { languages } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { compactScript, compactStyle } from './compact.ts'
import { Html, html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { enhance } from './scripts/enhance.ts'
import { showTimes } from './scripts/show-times.ts'
import { style, wideStyle } from './style.ts'

/** Common to every page: site name, brand and language. */
export interface Frame {
  siteName: string
  brand: Brand
  locale: Locale
  /** Path and query of the page, for the language links. */
  path: string
  /** Of the issuer; empty if it has none. */
  base: string
  /** The time zone of the browser, as far as it is known. */
  zone: string | null
  /** What the script writes where it is another one; `{zone}` is replaced. */
  zoneCookie: string
  /** Allows the page's style and script in its Content-Security-Policy. */
  nonce: string
}

const narrowSheet = compactStyle(style)
const wideSheet = narrowSheet + compactStyle(wideStyle)
const commonScript = compactScript(`(${enhance})();(${showTimes})();`)

/** The complete document: no external resources; for small screens, dark mode and screen readers. */
export function renderPage(content: PageContent, frame: Frame): string {
  const { locale, nonce, siteName } = frame
  const brand = { ...frame.brand, ...content.brand }
  const { title, body, continueUrl, script, rules = '', wide = false, signedIn = false } = content
  const text =
    html`<html lang="${locale}"${frame.base !== '' && html` data-base="${frame.base}"`} data-zone="${frame.zone ?? ''}" data-zone-cookie="${frame.zoneCookie}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="expect" href="#end" blocking="render">
${
  continueUrl !== undefined &&
  html`<meta http-equiv="refresh" content="0; url=${continueUrl}">
`
}<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html((wide ? wideSheet : narrowSheet) + accents(brand) + rules)}</style>
</head>
<body class="${wide ? 'wide' : 'narrow'}">
<header>${brand.logo !== undefined && html`<img src="${brand.logo}" alt="">`}<span>${siteName}</span>${signedIn && signOutForm(locale)}</header>
<main>
${wide ? body : html`<div class="card">${body}</div>`}
</main>
<footer>${siteLinks(locale, brand)}${languageLinks(frame)}</footer>
<script id="end" type="module" nonce="${nonce}">${new Html(commonScript + compactScript(script ?? ''))}</script>
</body>
</html>`.text
  return `<!doctype html>\n${underBase(text, frame.base)}\n`
}

const ownAddress =
  /( (?:href|action|src|data-return-url|data-continue-url|data-preview)="| content="0; url=)\/(?!\/)/g

/**
 * Prefixes paths with the issuer's path. Values cannot contain such an attribute, since quotes are escaped.
 */
const underBase = (text: string, base: string): string =>
  base === '' ? text : text.replaceAll(ownAddress, `$1${base}/`)

/** The brand's colours, validated when they were set; nothing else of a brand reaches the style sheet. */
function accents({ accent }: Brand): string {
  if (!accent) return ''
  const rule = (colour: string) => `:root { --accent: ${colour}; --on-accent: ${inkOn(colour)} }`
  return `${rule(accent.light)}\n@media (prefers-color-scheme: dark) { ${rule(accent.dark)} }\n`
}

function siteLinks(locale: Locale, { links = {} }: Brand): Html | false {
  const { site } = words[locale]
  const given = (['privacy', 'terms', 'help'] as const).flatMap((name) =>
    links[name] === undefined ? [] : [[site[name], links[name]] as const],
  )
  return (
    given.length > 0 &&
    html`<nav aria-label="${site.links}">${given.map(([label, url]) => html`<a href="${url}">${label}</a>`)}</nav>`
  )
}

const signOutForm = (locale: Locale): Html =>
  html`<form method="post" action="/account/sign-out"><button class="plain">${words[locale].site.signOut}</button></form>`

const languageLinks = ({ locale, path }: Frame): Html =>
  html`<nav aria-label="${words[locale].site.language}">${Object.entries(languages).map(
    ([one, name]) =>
      html`<a href="/language/${one}?return_to=${encodeURIComponent(path)}" lang="${one}"${one === locale && html` aria-current="true"`}>${name}</a>`,
  )}</nav>`

/**
 * The page's Content-Security-Policy: no external resources. `formsTo`: another origin that its form may post
 * to.
 */
export const pagePolicy = (nonce: string, formsTo = ''): string =>
  `default-src 'none'; script-src 'nonce-${nonce}'; connect-src 'self'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'${formsTo === '' ? '' : ` ${formsTo}`}; base-uri 'none'; frame-ancestors 'none'`
