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
  /** Whether a code that comes by text message may fill it in. */
  sms?: boolean
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
  } = given
  const describedBy = message === undefined ? given.describedBy : `${name}-fault`
  const isCode = autocomplete === 'one-time-code'
  const input = html`<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${maxlength}" spellcheck="false" autocapitalize="none"${[
    value !== undefined && html` value="${value}"`,
    inputmode !== undefined && html` inputmode="${inputmode}"`,
    required && html` required`,
    autofocus && html` autofocus`,
    isCode && html` class="digits"`,
    given.sms && html` data-sms`,
    describedBy !== undefined && html` aria-invalid="true" aria-describedby="${describedBy}"`,
  ].filter((part) => part !== undefined && part !== false)}>`
  return html`<label for="${name}">${label}${hint !== undefined && html` <span class="hint">(${hint})</span>`}</label>
${type === 'password' ? secretInput(locale, name, input) : input}
${message !== undefined && html`<p class="fault" id="${name}-fault">${message}</p>`}
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
  { isWrong = false, message }: { isWrong?: boolean; message?: string | undefined } = {},
): Html[] {
  return form.map(({ name, type, autocomplete, label }, place) =>
    field(locale, {
      name,
      label: own[locale][label] ?? label,
      type: inputTypeOf({ type }),
      autocomplete,
      ...(type === 'code' && { inputmode: 'numeric', sms: sends === 'sms' }),
      required: !approve, // otherwise it may stay empty: another device may have approved
      autofocus: place === 0,
      ...(isWrong && { describedBy: 'fault' }),
      ...(message !== undefined && { message }),
    }),
  )
}
