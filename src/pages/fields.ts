import type { Locale } from '../domain/locale.ts'
import type { FormField, MethodDefinition } from '../domain/method.ts'
import { words } from '../words/pages.ts'
import { type Html, html } from './html.ts'

export interface Field {
  name: string
  label: string
  hint?: string
  value?: string
  type: 'text' | 'email' | 'tel' | 'password'
  autocomplete: string
  inputmode?: 'email' | 'tel' | 'numeric' | 'text'
  required?: boolean
  autofocus?: boolean
  /** What is wrong with what was typed. */
  message?: string | undefined
  /** The element that says what is wrong, where it stands elsewhere. */
  describedBy?: string | undefined
  maxlength?: number
  /** How a phone's keyboard begins words; without capitals by default. */
  capitals?: 'none' | 'words'
  /** Whether a code that comes by text message may fill it in. */
  sms?: boolean
  preview?: Preview | undefined
}

/** Says beside a field what is asked for, and with script how good what is typed is. */
export interface Preview {
  rule: string
  /** Where it is rated. */
  path: string
  /** The name that the rating expects it under. */
  name: string
  /** What is known of the account. */
  known: readonly string[]
}

/** The HTML input that a method's field is typed into. */
export const inputTypeOf = ({ type }: Pick<FormField, 'type'>): 'password' | 'text' =>
  type === 'secret' ? 'password' : 'text'

/** A labelled input; a secret can be looked at, and says where Caps Lock is on. */
export function field(locale: Locale, given: Field): Html {
  const {
    name,
    label,
    hint,
    value,
    type,
    autocomplete,
    inputmode,
    required,
    autofocus,
    message,
    maxlength = 256,
    capitals = 'none',
  } = given
  const { preview } = given
  const faultId = message === undefined ? given.describedBy : `${name}-fault`
  const describedBy = [...(preview ? [`${name}-rule`] : []), ...(faultId === undefined ? [] : [faultId])]
  const isCode = autocomplete === 'one-time-code'
  const input = html`<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${maxlength}" spellcheck="false" autocapitalize="${capitals}"${[
    value !== undefined && html` value="${value}"`,
    inputmode !== undefined && html` inputmode="${inputmode}"`,
    required && html` required`,
    autofocus && html` autofocus`,
    isCode && html` class="digits"`,
    given.sms && html` data-sms`,
    faultId !== undefined && html` aria-invalid="true"`,
    describedBy.length > 0 && html` aria-describedby="${describedBy.join(' ')}"`,
    preview &&
      html` data-preview="${preview.path}" data-as="${preview.name}" data-known="${JSON.stringify(preview.known)}"`,
  ].filter((part) => part !== undefined && part !== false)}>`
  return html`<label for="${name}">${label}${hint !== undefined && html` <span class="hint">(${hint})</span>`}</label>
${type === 'password' ? secretInput(locale, name, input) : input}
${message !== undefined && html`<p class="fault" id="${name}-fault">${message}</p>`}
${preview && html`<p class="hint rule" id="${name}-rule">${preview.rule}</p><div class="strength" id="${name}-strength" hidden><meter min="0" max="4" low="2" high="3" optimum="4" value="0" aria-hidden="true"></meter><p class="hint" role="status"></p></div>`}
`
}

function secretInput(locale: Locale, name: string, input: Html): Html {
  const { show, hide, capsLock } = words[locale].signIn
  return html`<div class="with">${input}<button type="button" class="quiet" data-with-script data-reveal="${show}" data-hide="${hide}" aria-pressed="false" aria-controls="${name}">${show}</button></div>
<p class="hint" role="status" data-caps hidden>${capsLock}</p>`
}

/** What a method wants typed in, by what it declares. */
export function methodFields(
  locale: Locale,
  {
    form,
    words: own,
    sends,
    approve,
  }: Pick<MethodDefinition, 'words' | 'sends' | 'approve'> & { form: readonly FormField[] },
  {
    isWrong = false,
    message,
    preview,
    values = {},
  }: {
    isWrong?: boolean
    message?: string | undefined
    preview?: Preview | undefined
    /** What is known already, by field. */
    values?: Readonly<Record<string, string>>
  } = {},
): Html[] {
  const first = form.findIndex(({ name }) => values[name] === undefined)
  return form.map(({ name, type, autocomplete, label }, place) =>
    field(locale, {
      ...(values[name] !== undefined && { value: values[name] }),
      name,
      label: own[locale][label] ?? label,
      type: inputTypeOf({ type }),
      autocomplete,
      ...(type === 'code' && { inputmode: 'numeric', sms: sends === 'sms' }),
      required: !approve, // otherwise it may stay empty: another device may have approved
      autofocus: place === first,
      ...(isWrong && { describedBy: 'fault' }),
      ...(message !== undefined && { message }),
      preview: preview?.name === name ? preview : undefined,
    }),
  )
}
