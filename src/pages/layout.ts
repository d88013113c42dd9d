import type { Locale } from '../domain/account.ts'
import { Html, html } from './html.ts'

export interface Page {
  title: string
  locale: Locale
  body: Html
  /** Where the browser goes by itself, at once. */
  onward?: string | undefined
  script?: string | undefined
  /** Lets the style through the page's policy. */
  nonce: string
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f7f9; --card: #fff; --line: #8a929c; --accent: #0b57d0; --on-accent: #fff; --fault: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --paper: #14171a; --card: #1e2226; --line: #7d8690; --accent: #8ab4f8; --on-accent: #10151c; --fault: #ffb4ab } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Noto Sans KR", "Noto Sans JP", sans-serif; word-break: keep-all; overflow-wrap: anywhere }
main { width: 100%; max-width: 26rem; background: var(--card); border-radius: 1rem; padding: 2rem 1.5rem; box-shadow: 0 1px 3px #0003 }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
.hint { font-weight: 400; opacity: .8; font-size: .875rem }
input { width: 100%; margin-top: .25rem; padding: .7rem .8rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .6rem; min-height: 2.9rem }
input[aria-invalid=true] { border-color: var(--fault); border-width: 2px }
button, .button { display: block; width: 100%; margin-top: 1.5rem; padding: .8rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 0; border-radius: .6rem; background: var(--accent); color: var(--on-accent); min-height: 2.9rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button.quiet { background: transparent; color: var(--accent); border: 1px solid var(--line); margin-top: .75rem }
h2 { margin: 2rem 0 0; font-size: 1rem }
.code { font: 600 1.5rem/1.4 ui-monospace, monospace; letter-spacing: .1em; text-align: center }
.fault { color: var(--fault); font-size: .9rem; margin: .3rem 0 0 }
[role=alert] { border-left: 4px solid var(--fault); padding: .5rem .8rem; margin-bottom: 1rem }
[role=alert] p { margin: 0 }
`

/** What every page is wrapped in: no script, nothing from elsewhere, readable on a phone, in the dark and by a screen reader. */
export const renderPage = ({ title, locale, body, nonce, onward, script }: Page): string =>
  `<!doctype html>\n${
    html`<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${
  onward !== undefined &&
  html`<meta http-equiv="refresh" content="0; url=${onward}">
`
}<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<main>
${body}
</main>
${
  script !== undefined &&
  html`<script type="module" nonce="${nonce}">${new Html(script)}</script>
`
}</body>
</html>`.text
  }\n`

/** A page without script of ours runs none. */
export const pagePolicy = (nonce: string, hasScript: boolean): string =>
  `default-src 'none'; ${hasScript ? `script-src 'nonce-${nonce}'; connect-src 'self'; ` : ''}style-src 'nonce-${nonce}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
