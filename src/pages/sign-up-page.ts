import type { Locale } from '../domain/account.ts'
import type { MethodDefinition } from '../domain/method.ts'
import type { ProblemCode } from '../domain/problem.ts'
import { type Html, html } from './html.ts'
import { inputTypeOf } from './input-type.ts'
import { type PageWords, pageWords } from './words.ts'

export interface SignUpForm {
  locale: Locale
  /** What is typed in already; never anything secret. */
  values: Readonly<Record<string, string>>
  invitation: string | null
  /** True for the link of the first start. */
  forOperator: boolean
  /** Methods whose answer is part of the form, by what they declare. */
  methods: readonly MethodDefinition[]
  fault: { code: ProblemCode; detail: string; fields: Readonly<Record<string, string>> } | null
}

/** The form: works without script, keeps what was typed, names each fault beside its field and in one place at the top. */
export function signUpForm({ locale, values, invitation, forOperator, methods, fault }: SignUpForm): { title: string; body: Html } {
  const words = pageWords[locale]
  const title = forOperator ? words.operatorTitle : words.signUpTitle
  const text = (name: string, label: string, hint: string, attributes: { type: string; autocomplete: string; inputmode?: string }) =>
    field({ name, label, hint, value: values[name] ?? '', message: fault?.fields[name], ...attributes })
  const secrets = methods.flatMap(({ id, form, words: own }) =>
    form.map(({ label, type }) =>
      field({
        name: id,
        label: own[locale][label] ?? label,
        hint: '',
        value: '',
        message: fault?.fields[id],
        type: inputTypeOf({ type }),
        autocomplete: type === 'secret' ? 'new-password' : 'off',
      }),
    ),
  )
  const body = html`<h1>${title}</h1>
${forOperator && html`<p>${words.operatorIntroduction}</p>`}
${fault && html`<div role="alert"><p><strong>${words.faultsTitle}</strong></p><p>${explain(fault, words)}</p></div>`}
<form method="post" action="/signup">
${invitation !== null && html`<input type="hidden" name="invitation" value="${invitation}">`}
${text('email', words.email, words.oneOfTwo, { type: 'email', autocomplete: 'email', inputmode: 'email' })}
${text('username', words.username, words.optional, { type: 'text', autocomplete: 'username' })}
${text('name', words.name, words.optional, { type: 'text', autocomplete: 'name' })}
${secrets}
<button>${words.submit}</button>
</form>`
  return { title, body }
}

export function signedUpPage(locale: Locale): { title: string; body: Html } {
  const words = pageWords[locale]
  return {
    title: words.doneTitle,
    body: html`<h1>${words.doneTitle}</h1>\n<p>${words.done}</p>\n<a class="button" href="/docs">${words.openDocs}</a>`,
  }
}

interface Field {
  name: string
  label: string
  hint: string
  value: string
  type: string
  autocomplete: string
  inputmode?: string
  message: string | undefined
}

const field = ({
  name,
  label,
  hint,
  value,
  type,
  autocomplete,
  inputmode,
  message,
}: Field): Html => html`<label for="${name}">${label} ${hint !== '' && html`<span class="hint">(${hint})</span>`}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" maxlength="256" spellcheck="false" autocapitalize="none"${inputmode && html` inputmode="${inputmode}"`}${message && html` aria-invalid="true" aria-describedby="${name}-fault"`}>
${message && html`<p class="fault" id="${name}-fault">${message}</p>`}
`

function explain({ code, detail, fields }: NonNullable<SignUpForm['fault']>, words: PageWords): string {
  const byCode: Partial<Record<ProblemCode, string>> = {
    identifier_taken: words.taken,
    sign_up_closed: words.closed,
    invitation_required: words.invitation,
    busy: words.busy,
    database_unavailable: words.busy,
    too_many_attempts: words.busy,
    cross_site_request: words.crossSite,
  }
  return byCode[code] ?? Object.values(fields)[0] ?? detail
}
