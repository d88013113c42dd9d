import { fonts } from '../../domain/design.ts'
import { lengths } from '../style.ts'

const { s, t, r } = lengths

/** Of the page of the API; the colours and the basic rules are those of the other pages. */
export const docsStyle = `
body { display: block; max-width: none }
body > * { max-width: none; padding: 0 }
.docs { display: grid; grid-template-columns: 15rem minmax(0, 1fr); max-width: 76rem; margin: 0 auto; gap: ${s.xxl}; padding: ${s.xl} ${s.l} }
.docs > nav { position: sticky; top: ${s.l}; align-self: start; max-height: calc(100vh - 2rem); overflow: auto; font-size: ${t.small} }
.docs > nav ul { list-style: none; margin: 0 0 ${s.l}; padding: 0 }
.docs > nav a { display: block; padding: ${s.xs} 0; color: inherit; text-decoration: none }
.docs > nav a:hover { text-decoration: underline }
.docs form { max-width: 32rem }
.docs section { margin-bottom: ${s.xxl} }
.docs section > h2 { font-size: ${t.large}; margin: 0 0 ${s.s} }
.docs h3 { font-size: ${t.body}; margin: ${s.xl} 0 ${s.xs} }
.docs label { margin-top: ${s.m} }
.docs button { width: auto; margin-top: ${s.m} }
.languages { display: flex; flex-wrap: wrap; gap: ${s.l}; border: 0; padding: 0; margin: 0 0 ${s.l} }
.languages label { display: flex; align-items: center; gap: ${s.s}; margin: 0; font-weight: 400 }
.languages input { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent) }
pre { margin: ${s.s} 0 ${s.m}; padding: ${s.m}; border-radius: ${r.control}; background: var(--card); border: 1px solid var(--rule); font: ${t.small}/1.5 ${fonts.code}; white-space: pre-wrap; overflow-wrap: anywhere }
code { font-family: ${fonts.code}; font-size: .92em }
.docs table { border-collapse: collapse; width: 100%; font-size: ${t.small} }
.docs th, .docs td { text-align: left; vertical-align: top; padding: ${s.s} ${s.m} ${s.s} 0; border-top: 1px solid var(--rule) }
.docs details.call { margin: 0; border-top: 1px solid var(--rule); color: inherit; font-size: ${t.body} }
.docs details.call > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: ${s.xs} ${s.m}; padding: ${s.m} 0; list-style: none }
.docs details.call > summary::-webkit-details-marker { display: none }
.docs details.call > summary::before { content: "▸"; color: var(--soft) }
.docs details.call[open] > summary::before { content: "▾" }
.docs details.call > div { padding: 0 0 ${s.l} ${s.l} }
.verb { font: 600 ${t.tiny}/1 ${fonts.code}; min-width: 3.6rem; color: var(--accent) }
.verb.delete { color: var(--fault) }
.verb.get { color: var(--good) }
.path { font-family: ${fonts.code}; font-size: ${t.small}; font-weight: 600 }
textarea { width: 100%; min-height: 7rem; margin-top: ${s.xs}; padding: ${s.m}; font: ${t.small}/1.5 ${fonts.code}; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: ${r.control} }
body:has(#in-javascript:checked) pre:is(.curl, .python), body:has(#in-python:checked) pre:is(.curl, .javascript), body:has(#in-curl:checked) pre:is(.javascript, .python) { display: none }
@media (max-width: 60rem) { .docs { display: block } .docs > nav { position: static; max-height: none; margin-bottom: ${s.xl} } .docs > nav ul { display: flex; flex-wrap: wrap; gap: 0 ${s.l}; margin: 0 } .docs tr, .docs th, .docs td { display: block } .docs th, .docs td { border: 0; padding: ${s.xs} 0 } .docs tr { border-top: 1px solid var(--rule); padding: ${s.s} 0 } .docs thead { display: none } }
@media (min-width: 60.01rem) { .docs th[scope=row] { white-space: nowrap; width: 1%; padding-right: ${s.xl} } }
`
