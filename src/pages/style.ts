import { colours, fonts, type Mode, radius, rem, space, type } from '../domain/design.ts'

const inRem = <Name extends string>(lengths: Readonly<Record<Name, number>>): Record<Name, string> =>
  Object.fromEntries(Object.entries<number>(lengths).map(([name, pixels]) => [name, rem(pixels)])) as never
/** Space, type scale and radius. */
export const lengths = { s: inRem(space), t: inRem(type), r: inRem(radius) }
const { s, t, r } = lengths

/** `onAccent` is `--on-accent`. */
const colourRules = (mode: Mode): string =>
  `:root { color-scheme: light dark; ${Object.entries(colours[mode])
    .map(([name, colour]) => `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}: ${colour}`)
    .join('; ')} }`

/** One style sheet for all pages, inlined in each, so that a page is painted after one round trip. */
export const style = `
${colourRules('light')}
@media (prefers-color-scheme: dark) { ${colourRules('dark')} }
* { box-sizing: border-box }
[hidden] { display: none !important }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center; background: var(--paper); color: var(--ink); font: ${t.body}/1.55 ${fonts.text}; line-break: strict; overflow-wrap: anywhere }
:lang(ko) { word-break: keep-all }
body > * { width: 100%; max-width: 27rem; padding-inline: ${s.l} }
body.wide > * { max-width: 46rem }
header { display: flex; align-items: center; gap: ${s.s}; padding-block: ${s.l}; font-weight: 650 }
header img { max-height: 2.25rem; max-width: 10rem }
header form { margin-left: auto }
main { flex: 1 0 auto }
body.narrow main { padding-top: max(0px, (100vh - 40rem) / 3) }
.card { background: var(--card); border-radius: ${r.card}; padding: ${s.xxl} ${s.xl}; box-shadow: 0 1px 3px #0002; margin-bottom: ${s.l} }
footer { padding-block: ${s.xl}; font-size: ${t.small}; color: var(--soft); display: flex; flex-wrap: wrap; gap: ${s.xs} ${s.l} }
footer a, .link { color: inherit; display: inline-block; padding: ${s.xs} 0; min-height: 1.75rem }
footer nav { display: flex; flex-wrap: wrap; gap: 0 ${s.l} }
footer nav a { white-space: nowrap }
footer nav:last-child { margin-left: auto }
[aria-current] { font-weight: 650; text-decoration: none }
.card > :last-child, .or > :last-child { margin-bottom: 0 }
h1 { margin: 0 0 ${s.m}; hyphens: auto; font-size: ${t.title}; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 ${s.xs}; font-size: ${t.lead} }
p { margin: 0 0 ${s.l} }
ul { padding-left: ${s.xl}; margin: 0 0 ${s.l} }
a { color: var(--accent) }
label { display: block; margin-top: ${s.l}; font-weight: 600 }
.hint { font-weight: 400; color: var(--soft); font-size: ${t.small} }
input, select, textarea { width: 100%; margin-top: ${s.xs}; padding: ${s.m}; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: ${r.control}; min-height: 2.9rem }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; flex: none; accent-color: var(--accent) }
label.check { display: flex; gap: ${s.s}; align-items: center; font-weight: 400; min-height: 1.75rem }
input[aria-invalid=true] { border-color: var(--fault); border-width: 2px }
.with { position: relative }
.with input { padding-right: 5.5rem }
.with button { position: absolute; right: .35rem; bottom: .35rem; width: auto; margin: 0; min-height: 2.2rem; padding: ${s.xs} ${s.m}; font-size: ${t.small} }
.digits { font: 600 ${t.large}/1.4 ${fonts.code}; letter-spacing: .15em }
button, .button { display: block; width: 100%; margin-top: ${s.xl}; padding: ${s.m}; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 1px solid transparent; border-radius: ${r.control}; background: var(--accent); color: var(--on-accent); min-height: 2.9rem; cursor: pointer }
button:disabled { opacity: .6; cursor: default }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.quiet { background: transparent; color: var(--accent); border-color: var(--line); margin-top: ${s.m} }
.plain { background: none; color: var(--accent); border: 0; width: auto; display: inline-block; margin: 0; padding: ${s.xs} ${s.s}; min-height: 1.75rem; text-decoration: underline; font-weight: 400 }
.danger { background: var(--fault); color: var(--card) }
.quiet.danger { background: transparent; color: var(--fault); border-color: var(--fault) }
.who { display: flex; justify-content: space-between; align-items: center; gap: ${s.l}; border: 1px solid var(--rule); border-radius: ${r.control}; padding: ${s.s} ${s.m}; margin-bottom: ${s.l} }
.who a { flex: none }
.who strong { display: block; font-weight: 600 }
.or { margin-top: ${s.xxl}; padding-top: ${s.l}; border-top: 1px solid var(--rule) }
.code { font: 600 ${t.title}/1.4 ${fonts.code}; letter-spacing: .1em; text-align: center }
.fault { color: var(--fault); font-size: ${t.small}; margin: ${s.xs} 0 0 }
[role=alert]:not([hidden]) { border-left: 4px solid var(--fault); padding: ${s.s} ${s.m}; margin-bottom: ${s.l} }
[role=status].note { border-left: 4px solid var(--good); padding: ${s.s} ${s.m}; margin-bottom: ${s.l} }
[role=alert] p, [role=status] p { margin: 0 }
.agreed { margin: ${s.l} 0 0 }
.rule { margin: ${s.xs} 0 0 }
.strength meter { width: 100%; height: ${s.m}; margin-top: ${s.xs} }
.strength p { margin: 0 }
details { margin-top: ${s.l}; font-size: ${t.small}; color: var(--soft) }
details button { font-size: ${t.body} }
summary { cursor: pointer; min-height: 1.75rem; padding: ${s.xs} 0 }
.recents { list-style: none; margin: 0 0 ${s.l}; padding: 0 }
.recents li { display: flex; align-items: center; gap: ${s.xs} }
.recents form:first-child { flex: 1; min-width: 0 }
.chip { display: flex; align-items: center; gap: ${s.m}; text-align: left; margin-top: ${s.s}; padding: ${s.s} ${s.m}; background: transparent; color: inherit; border-color: var(--line) }
.chip strong { display: inline-block; margin-right: ${s.xs} }
.chip > span:last-child { min-width: 0 }
.chip .hint { display: block }
.avatar { flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 650 }
.beside { margin-top: ${s.m} }
.who > div { flex: 1 }
.mark { white-space: nowrap; font-size: ${t.tiny}; font-weight: 600; color: var(--good); margin-left: ${s.s} }
.mark.off { color: var(--fault); white-space: normal; overflow-wrap: break-word }
.brand { color: var(--ink) }
.brand-mark { width: 1.25rem; height: 1.25rem; margin-right: ${s.s}; vertical-align: -.25rem }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.row { display: flex; flex-wrap: wrap; gap: ${s.s} }
.row > * { flex: 1 1 auto; width: auto }
@media (scripting: none) { [data-with-script] { display: none } }
@media (max-width: 26rem) { .card { padding: ${s.l} } }
@media (prefers-reduced-motion: no-preference) { button, .button { transition: filter .12s } button:hover:enabled, .button:hover { filter: brightness(1.08) } }
@media print { body > :not(main), .noprint { display: none } .card { box-shadow: none } }
`

/** Of wide pages, with several cards. */
export const wideStyle = `
.rows { list-style: none; margin: ${s.m} 0 0; padding: 0 }
.rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: ${s.xs} ${s.l}; padding: ${s.m} 0; border-top: 1px solid var(--rule) }
.rows > li > :first-child { flex: 1 1 14rem }
.card > .rows:first-child { margin-top: 0 }
.card > .rows:first-child > li:first-child { border-top: 0; padding-top: 0 }
.record { display: grid; grid-template-columns: auto 1fr; gap: ${s.xs} ${s.m}; margin: 0; font-size: ${t.small} }
.record dd { margin: 0 }
h3 { margin: ${s.xl} 0 0; font-size: ${t.body} }
.rows .acts { display: flex; flex-wrap: wrap; gap: ${s.xs} ${s.s} }
.identity { display: flex; align-items: center; gap: ${s.l}; margin-bottom: ${s.l} }
.identity h1, .identity p { margin: 0 }
.sections { display: flex; flex-wrap: wrap; gap: ${s.xs} ${s.s}; margin-bottom: ${s.l}; font-size: ${t.small} }
.sections a { padding: ${s.xs} ${s.m}; border: 1px solid var(--rule); border-radius: ${r.pill}; background: var(--card); color: inherit; text-decoration: none; min-height: 1.75rem }
.checks > li > :first-child::before { content: "○"; display: inline-block; width: 1.5rem; color: var(--soft) }
.checks > .done > :first-child::before { content: "✓"; color: var(--good) }
.danger-link { color: var(--fault) }
`

/** Of pages that set a method up. */
export const setUpStyle = `
.codes { font: ${t.body}/1.8 ${fonts.code}; columns: 11rem; white-space: nowrap; list-style: none; padding: ${s.s} ${s.l}; border: 1px solid var(--rule); border-radius: ${r.control} }
.secret { font: ${t.body}/1.6 ${fonts.code}; overflow-wrap: anywhere; user-select: all }
.qr { display: block; width: 12rem; height: 12rem; margin: 0 auto ${s.l}; background: #fff; padding: ${s.m}; border-radius: ${r.control} }
.steps { padding-left: ${s.xl}; margin: 0 0 ${s.l} }
.steps li { margin-bottom: ${s.s} }
`
