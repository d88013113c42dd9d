import type { Brand } from '../domain/brand.ts'
import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import type { ProblemCode } from '../domain/problem.ts'
import { type PageWords, words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { field, inputTypeOf, type Preview } from './fields.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { avatar, breakable, hiddenFields, sayMethod } from './parts.ts'
import { showStrength } from './scripts/show-strength.ts'
import { joined, sayHtml } from './time.ts'
import { type UpstreamButton, upstreamButtons, upstreamRules } from './upstream-pages.ts'

export interface SignUpForm {
  locale: Locale
  /** `who`: the address; `how`: what to sign in with. */
  step: 'who' | 'how'
  /** Where the form goes. */
  path: string
  /** The application that the user comes from, if any. */
  client: string | null
  /** Link for users who have an account; null on the page for the first operator. */
  signIn: string | null
  /** What was typed before; never a secret. */
  values: Readonly<Record<string, string>>
  invitation: string | null
  /** True for the link of the first start. */
  forOperator: boolean
  /** Methods whose answer is part of the form, by what they declare. */
  methods: readonly { method: MethodDefinition; preview: Preview | undefined }[]
  /** Set up right afterwards instead of those; undefined where there is none. */
  instead: MethodDefinition | undefined
  upstreams: readonly UpstreamButton[]
  /** Of the site, or of the application that the user comes from. */
  links: NonNullable<Brand['links']>
  fault: { code: ProblemCode; fields: Readonly<Record<string, string>> } | null
}

/**
 * Two steps: who one is, then what one signs in with. It works without script, keeps what was typed, and
 * names each fault beside its field and in one place at the top.
 */
export function signUpForm(given: SignUpForm): PageContent {
  const { locale, step, client, forOperator, fault } = given
  const { signUp } = words[locale]
  const title = forOperator ? signUp.operatorTitle : signUp.title
  return {
    title,
    ...(step === 'who'
      ? { rules: upstreamRules(given.upstreams) }
      : given.methods.some(({ preview }) => preview) && { script: `(${showStrength})()` }),
    body: html`<h1>${title}</h1>
${forOperator && step === 'who' && html`<p>${signUp.operatorIntroduction}</p>`}
${client !== null && html`<p>${say(locale, signUp.for, { client })}</p>`}
${fault && html`<div role="alert"><p><strong>${signUp.faultsTitle}</strong></p>${Object.keys(fault.fields).length === 0 && html`<p>${explain(fault, locale)}</p>`}</div>`}
${step === 'who' ? whoStep(given) : howStep(given)}`,
  }
}

/** The identifier; an address, unless one opens the part with the username. */
function whoStep(given: SignUpForm): Html {
  const { locale, path, values, fault, invitation, signIn, upstreams } = given
  const { signUp, signIn: ofSignIn } = words[locale]
  const isOpen = values.username !== undefined || fault?.fields.username !== undefined
  return html`<form method="post" action="${path}">
${hiddenFields({ step: 'who', ...(invitation !== null && { invitation }), ...(values.name !== undefined && { name: values.name }) })}
${field(locale, { ...textOf(given, 'email'), type: 'email', autocomplete: 'email', inputmode: 'email', autofocus: fault === null })}
<details${isOpen && html` open`}><summary>${signUp.useUsername}</summary>
${field(locale, { ...textOf(given, 'username'), type: 'text', autocomplete: 'username' })}
</details>
<button>${ofSignIn.continue}</button>
</form>
${upstreams.length > 0 && html`<div class="or">${upstreamButtons(locale, upstreams)}</div>`}
${signIn !== null && html`<p class="or">${signUp.have} <a class="link" href="${signIn}">${ofSignIn.title}</a></p>`}`
}

/** The first credential, and what one likes to be called. */
function howStep(given: SignUpForm): Html {
  const { locale, path, values, invitation, methods, instead, fault } = given
  const { signUp, signIn } = words[locale]
  const agreed = agreement(given)
  const { email, username, name } = values
  const label = email ?? username ?? ''
  const known = {
    ...(invitation !== null && { invitation }),
    ...(email !== undefined && { email }),
    ...(username !== undefined && { username }),
  }
  return html`<form class="who" method="post" action="${path}">${hiddenFields({ ...known, step: 'change', ...(name !== undefined && { name }) })}${avatar(label)}<div><strong>${breakable(label)}</strong></div><button class="plain">${signIn.notYou}</button></form>
<form method="post" action="${path}">
${hiddenFields(known)}
<input type="text" value="${label}" autocomplete="username" hidden>
${methods.flatMap(({ method: { id, form, words: own }, preview }) =>
  form.map(({ label, type }, place) =>
    field(locale, {
      name: id,
      label: own[locale][label] ?? label,
      message: fault?.fields[id],
      type: inputTypeOf({ type }),
      autocomplete: type === 'secret' ? 'new-password' : 'off',
      required: true,
      autofocus: place === 0,
      preview,
    }),
  ),
)}
<details${(name !== undefined || fault?.fields.name !== undefined) && html` open`}><summary>${signUp.name} <span class="hint">(${signUp.optional})</span></summary>
${field(locale, { ...textOf(given, 'name'), type: 'text', autocomplete: 'name', capitals: 'words' })}
</details>
${agreed && html`<p class="hint agreed">${agreed}</p>`}
<button>${signUp.submit}</button>
${instead !== undefined && html`<button class="quiet" name="instead" value="${instead.id}" formnovalidate data-with-script>${sayMethod(locale, signUp.instead, instead)}</button>`}
</form>`
}

/** What one agrees to, where the site says so. */
function agreement({ locale, links }: SignUpForm): Html | false {
  const { site, signUp } = words[locale]
  const given = (['terms', 'privacy'] as const).flatMap((name) =>
    links[name] === undefined
      ? []
      : [html`<a href="${links[name]}" target="_blank" rel="noopener">${site[name]}</a>`],
  )
  return given.length > 0 && sayHtml(locale, signUp.agree, { links: joined(given) })
}

const textOf = ({ locale, values, fault }: SignUpForm, name: 'email' | 'username' | 'name') => ({
  name,
  label: words[locale].signUp[name],
  value: values[name] ?? '',
  message: fault?.fields[name],
})

function explain({ code, fields }: NonNullable<SignUpForm['fault']>, locale: Locale): string {
  const { signUp, faults } = words[locale]
  const byCode: Partial<Record<ProblemCode, PageWords['signUp'][keyof PageWords['signUp']]>> = {
    identifier_taken: signUp.taken,
    sign_up_closed: signUp.closed,
    invitation_required: signUp.invitation,
    busy: faults.busy,
    database_unavailable: faults.busy,
    too_many_attempts: faults.throttled,
    cross_site_request: signUp.crossSite,
  }
  return byCode[code] ?? Object.values(fields)[0] ?? faults.invalid
}
