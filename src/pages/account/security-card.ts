import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { type Html, html } from '../html.ts'
import { sayMethod } from '../parts.ts'
import { wayButton } from './way-pages.ts'

/** What protects an account, and what would: `open` says how it is set up. */
export interface SecurityCard {
  tasks: readonly {
    what: 'address' | 'second' | 'resistant' | 'spare'
    isDone: boolean
    /** Where it is done. */
    way: MethodDefinition | { path: string; label: string } | null
  }[]
  /** Whether its administrative rights are granted; null for an account that has none. */
  operator: 'granted' | 'locked' | null
}

/** The first of the account's sections: what there is, and what to do next. */
export function securityCard(locale: Locale, { tasks, operator }: SecurityCard): Html {
  const own = words[locale].security
  const done = tasks.filter(({ isDone }) => isDone).length
  const state = done === tasks.length ? own.good : say(locale, own.open, { done, all: tasks.length })
  const rows = tasks.map(({ what, isDone, way }) => {
    const mark = isDone && html`<span class="mark">${own.done}</span>`
    const act = !isDone && way !== null && html`<div class="acts">${actOf(locale, way)}</div>`
    return html`<li class="${isDone ? 'done' : 'todo'}"><div>${own[what]}${mark}</div>${act}</li>
`
  })
  return html`<section class="card" aria-labelledby="security"><h2 id="security">${own.title}</h2>
<p class="hint">${state}</p>
<ul class="rows checks">${rows}</ul></section>
${operator !== null && operatorCard(locale, operator)}`
}

function actOf(locale: Locale, way: NonNullable<SecurityCard['tasks'][number]['way']>): Html {
  if ('path' in way) return html`<a class="link" href="${way.path}">${way.label}</a>`
  return wayButton(way, sayMethod(locale, words[locale].account.addWay, way), 'plain')
}

function operatorCard(locale: Locale, operator: 'granted' | 'locked'): Html {
  const own = words[locale].security
  const text =
    operator === 'granted' ? say(locale, own.operatorText, { command: 'sumun' }) : own.operatorLocked
  return html`<section class="card" aria-labelledby="operator"><h2 id="operator">${own.operator}</h2>
<p class="hint">${text}</p></section>`
}
