import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import type { ProblemCode } from '../domain/problem.ts'
import { type PageWords, words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { field, inputTypeOf } from './fields.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { hiddenFields, sayMethod } from './parts.ts'
import { type UpstreamButton, upstreamButtons, upstreamRules } from './upstream-pages.ts'

export interface SignUpForm {
  locale: Locale
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
  methods: readonly MethodDefinition[]
  /** Set up right afterwards instead of those; undefined where there is none. */
  instead: MethodDefinition | undefined
  upstreams: readonly UpstreamButton[]
  fault: { code: ProblemCode; fields: Readonly<Record<string, string>> } | null
}

/**
 * The form: works without script, keeps what was typed, names each fault beside its field and in one place at
 * the top.
 */
export function signUpForm({
  locale,
  path,
  client,
  signIn,
  values,
  invitation,
  forOperator,
  methods,
  instead,
  upstreams,
  fault,
}: SignUpForm): PageContent {
  const { signUp, signIn: ofSignIn } = words[locale]
  const title = forOperator ? signUp.operatorTitle : signUp.title
  const about = (name: 'email' | 'username' | 'name') => ({
    name,
    label: signUp[name],
    value: values[name] ?? '',
    message: fault?.fields[name],
  })
  const secrets = methods.flatMap(({ id, form, words: own }) =>
    form.map(({ label, type }) =>
      field(locale, {
        name: id,
        label: own[locale][label] ?? label,
        ...(own[locale].hint !== undefined && { hint: own[locale].hint }),
        message: fault?.fields[id],
        type: inputTypeOf({ type }),
        autocomplete: type === 'secret' ? 'new-password' : 'off',
      }),
    ),
  )
  const isOpen = (['username', 'name'] as const).some(
    (name) => values[name] !== undefined || fault?.fields[name] !== undefined,
  )
  return {
    title,
    rules: upstreamRules(upstreams),
    body: html`<h1>${title}</h1>
${forOperator && html`<p>${signUp.operatorIntroduction}</p>`}
${client !== null && html`<p>${say(locale, ofSignIn.to, { client })}</p>`}
${fault && html`<div role="alert"><p><strong>${signUp.faultsTitle}</strong></p>${Object.keys(fault.fields).length === 0 && html`<p>${explain(fault, locale)}</p>`}</div>`}
<form method="post" action="${path}">
${hiddenFields(invitation === null ? {} : { invitation })}
${field(locale, { ...about('email'), type: 'email', autocomplete: 'email', inputmode: 'email', autofocus: fault === null })}
${secrets}
<details${isOpen && html` open`}><summary>${signUp.more} <span class="hint">(${signUp.optional})</span></summary>
<p class="hint">${signUp.oneOfTwo}</p>
${field(locale, { ...about('username'), type: 'text', autocomplete: 'username' })}
${field(locale, { ...about('name'), type: 'text', autocomplete: 'name' })}
</details>
<button>${signUp.submit}</button>
${instead !== undefined && html`<button class="quiet" name="instead" value="${instead.id}" data-with-script>${sayMethod(locale, signUp.instead, instead)}</button>`}
</form>
${upstreams.length > 0 && html`<div class="or">${upstreamButtons(locale, upstreams)}</div>`}
${signIn !== null && html`<p class="or">${signUp.have} <a class="link" href="${signIn}">${ofSignIn.title}</a></p>`}`,
  }
}

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
