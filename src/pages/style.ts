import { defaultAccent } from '../domain/brand.ts'

/** One style sheet for all pages, inlined in each, so that a page is painted after one round trip. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #525a64; --paper: #f3f4f6; --card: #fff; --line: #868e98; --rule: #dfe2e6; --accent: ${defaultAccent.light}; --on-accent: #fff; --fault: #b3261e; --good: #1a6b3c }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #aab2bc; --paper: #121417; --card: #1c2024; --line: #7d8690; --rule: #333a41; --accent: ${defaultAccent.dark}; --on-accent: #10151c; --fault: #ffb4ab; --good: #7fd8a4 } }
* { box-sizing: border-box }
[hidden] { display: none !important }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Noto Sans KR", "Noto Sans JP", sans-serif; line-break: strict; overflow-wrap: anywhere }
:lang(ko) { word-break: keep-all }
body > * { width: 100%; max-width: 27rem; padding-inline: 1rem }
body.wide > * { max-width: 46rem }
header { display: flex; align-items: center; gap: .6rem; padding-block: 1.25rem; font-weight: 650 }
header img { max-height: 2.25rem; max-width: 10rem }
header form { margin-left: auto }
main { flex: 1 0 auto }
body.narrow main { padding-top: max(0px, (100vh - 40rem) / 3) }
.card { background: var(--card); border-radius: 1rem; padding: 1.75rem 1.5rem; box-shadow: 0 1px 3px #0002; margin-bottom: 1rem }
footer { padding-block: 1.5rem; font-size: .875rem; color: var(--soft); display: flex; flex-wrap: wrap; gap: .25rem 1rem }
footer a, .link { color: inherit; display: inline-block; padding: .3rem 0; min-height: 1.75rem }
footer nav { display: flex; gap: 1rem }
footer nav:last-child { margin-left: auto }
[aria-current] { font-weight: 650; text-decoration: none }
.card > :last-child, .or > :last-child { margin-bottom: 0 }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 .25rem; font-size: 1.0625rem }
p { margin: 0 0 1rem }
ul { padding-left: 1.2rem; margin: 0 0 1rem }
a { color: var(--accent) }
label { display: block; margin-top: 1rem; font-weight: 600 }
.hint { font-weight: 400; color: var(--soft); font-size: .875rem }
input, select { width: 100%; margin-top: .25rem; padding: .7rem .8rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; min-height: 2.9rem }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; flex: none; accent-color: var(--accent) }
label.check { display: flex; gap: .6rem; align-items: center; font-weight: 400; min-height: 1.75rem }
input[aria-invalid=true] { border-color: var(--fault); border-width: 2px }
.with { position: relative }
.with input { padding-right: 5.5rem }
.with button { position: absolute; right: .35rem; bottom: .35rem; width: auto; margin: 0; min-height: 2.2rem; padding: .3rem .7rem; font-size: .875rem }
.digits { font: 600 1.25rem/1.4 ui-monospace, monospace; letter-spacing: .15em }
button, .button { display: block; width: 100%; margin-top: 1.5rem; padding: .7rem .8rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 1px solid transparent; border-radius: .6rem; background: var(--accent); color: var(--on-accent); min-height: 2.9rem; cursor: pointer }
button:disabled { opacity: .6; cursor: default }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.quiet { background: transparent; color: var(--accent); border-color: var(--line); margin-top: .75rem }
.plain { background: none; color: var(--accent); border: 0; width: auto; display: inline-block; margin: 0; padding: .3rem .5rem; min-height: 1.75rem; text-decoration: underline; font-weight: 400 }
.danger { background: var(--fault); color: var(--card) }
.quiet.danger { background: transparent; color: var(--fault); border-color: var(--fault) }
.who { display: flex; justify-content: space-between; align-items: center; gap: 1rem; border: 1px solid var(--rule); border-radius: .6rem; padding: .4rem .8rem; margin-bottom: 1rem }
.who a { flex: none }
.who strong { display: block; font-weight: 600 }
.or { margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--rule) }
.code { font: 600 1.5rem/1.4 ui-monospace, monospace; letter-spacing: .1em; text-align: center }
.codes { font: 1rem/1.8 ui-monospace, monospace; columns: 11rem; white-space: nowrap; list-style: none; padding: .5rem 1rem; border: 1px solid var(--rule); border-radius: .6rem }
.secret { font: 1rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; user-select: all }
.qr { display: block; width: 12rem; height: 12rem; margin: 0 auto 1rem; background: #fff; padding: .75rem; border-radius: .6rem }
.fault { color: var(--fault); font-size: .9rem; margin: .3rem 0 0 }
[role=alert]:not([hidden]) { border-left: 4px solid var(--fault); padding: .5rem .8rem; margin-bottom: 1rem }
[role=status].note { border-left: 4px solid var(--good); padding: .5rem .8rem; margin-bottom: 1rem }
[role=alert] p, [role=status] p { margin: 0 }
details { margin-top: 1.25rem; font-size: .9rem; color: var(--soft) }
details button { font-size: 1rem }
summary { cursor: pointer; min-height: 1.75rem; padding: .15rem 0 }
.recents { list-style: none; margin: 0 0 1rem; padding: 0 }
.recents li { display: flex; align-items: center; gap: .25rem }
.recents form:first-child { flex: 1; min-width: 0 }
.chip { display: flex; align-items: center; gap: .75rem; text-align: left; margin-top: .5rem; padding: .5rem .75rem; background: transparent; color: inherit; border-color: var(--line) }
.chip strong { display: inline-block; margin-right: .25rem }
.chip > span:last-child { min-width: 0 }
.chip .hint { display: block }
.avatar { flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 650 }
.beside { margin-top: .75rem }
.who > :nth-child(2) { flex: 1 }
.steps { padding-left: 1.3rem; margin: 0 0 1rem }
.steps li { margin-bottom: .4rem }
.rows { list-style: none; margin: .75rem 0 0; padding: 0 }
.rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem; padding: .7rem 0; border-top: 1px solid var(--rule) }
.rows > li > :first-child { flex: 1 1 14rem }
.rows .acts { display: flex; flex-wrap: wrap; gap: .25rem .5rem }
.mark { white-space: nowrap; font-size: .8rem; font-weight: 600; color: var(--good); margin-left: .4rem }
.mark.off { color: var(--fault) }
.brand { color: var(--ink) }
.brand-mark { width: 1.25rem; height: 1.25rem; margin-right: .55rem; vertical-align: -.25rem }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.row { display: flex; flex-wrap: wrap; gap: .5rem }
.row > * { flex: 1 1 auto; width: auto }
@media (scripting: none) { [data-with-script] { display: none } }
@media (max-width: 26rem) { .card { padding: 1.25rem 1rem } }
@media (prefers-reduced-motion: no-preference) { button, .button { transition: filter .12s } button:hover:enabled, .button:hover { filter: brightness(1.08) } }
@media print { body > :not(main), .noprint { display: none } .card { box-shadow: none } }
`

/** Of wide pages, with several cards. */
export const wideStyle = `
.identity { display: flex; align-items: center; gap: 1rem; margin-bottom: 1rem }
.identity h1, .identity p { margin: 0 }
.sections { display: flex; flex-wrap: wrap; gap: .25rem .5rem; margin-bottom: 1rem; font-size: .9rem }
.sections a { padding: .35rem .7rem; border: 1px solid var(--rule); border-radius: 2rem; background: var(--card); color: inherit; text-decoration: none; min-height: 1.75rem }
.checks > li > :first-child::before { content: "○"; display: inline-block; width: 1.5rem; color: var(--soft) }
.checks > .done > :first-child::before { content: "✓"; color: var(--good) }
.danger-link { color: var(--fault) }
`
