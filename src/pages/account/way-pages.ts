import type { Credential } from '../../domain/credential.ts'
import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition, SetUpPart } from '../../domain/method.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { compactStyle } from '../compact.ts'
import { field, methodFields, type Preview } from '../fields.ts'
import { type Html, html } from '../html.ts'
import { askFaults } from '../name-page.ts'
import type { PageContent } from '../page-content.ts'
import { alert, buttonForm, type Fault, methodLabel, note, type Said, sayMethod } from '../parts.ts'
import { setUp } from '../scripts/set-up.ts'
import { showStrength } from '../scripts/show-strength.ts'
import { tellAsked } from '../scripts/tell-asked.ts'
import { setUpStyle } from '../style.ts'

export interface SetUpPage {
  locale: Locale
  method: MethodDefinition
  page: NonNullable<NonNullable<MethodDefinition['enrol']>['page']>
  /** The method's challenge; null before it was begun. */
  challenge: Record<string, unknown> | null
  /** The default name of a new one. */
  defaultName: string
  /** True if it takes the place of one that the account has. */
  isReplaced: boolean
  /** That one has to be shown first. */
  asksFormer: boolean
  preview: Preview | undefined
  fault: Fault | null
  said: Said | null
  /** The method's own words for what was wrong. */
  message: string | undefined
}

const setUpSheet = compactStyle(setUpStyle)

/** Sets a method up, by what it declares. */
export function setUpPage(given: SetUpPage): PageContent {
  const { locale, method, page, challenge, fault, said } = given
  const own = words[locale].account
  const mustBegin = method.enrol?.begin !== undefined && challenge === null
  const isAnew = said === 'recovered'
  const title = isAnew
    ? own.newPassword
    : sayMethod(locale, given.isReplaced ? own.replaceWay : own.addWay, method)
  const steps = stepsOf(method, locale)
  return {
    title,
    signedIn: true,
    rules: setUpSheet,
    ...(page.browserScript !== undefined &&
      !mustBegin && { script: `(${setUp})(${page.browserScript}, ${tellAsked})` }),
    ...(given.preview && { script: `(${showStrength})()` }),
    body: html`<h1>${title}</h1>
${alert(locale, given.message === undefined ? fault : null)}
${note(locale, said)}
${steps.length > 0 && html`<ol class="steps">${steps.map((step) => html`<li>${step}</li>`)}</ol>`}
${mustBegin ? buttonForm({ path: `/account/ways/${method.id}/begin`, label: own.begin, kind: '' }) : form(given)}
<p class="or noprint"><a class="link" href="/account">${isAnew ? own.skip : own.back}</a></p>`,
  }
}

/** How it is set up, step by step, in the method's own words. */
const stepsOf = ({ words: own }: MethodDefinition, locale: Locale): string[] =>
  ['step_1', 'step_2', 'step_3'].flatMap((name) => own[locale][name] ?? [])

/** Begins to set a method up, where that takes a challenge. */
export const wayButton = (method: MethodDefinition, label: string, kind = 'quiet'): Html =>
  method.enrol?.begin
    ? buttonForm({ path: `/account/ways/${method.id}/begin`, label, kind })
    : html`<a class="${kind === 'plain' ? 'link' : `button ${kind}`}" href="/account/ways/${method.id}">${label}</a>`

function form({
  locale,
  method,
  page,
  challenge,
  defaultName,
  message,
  asksFormer,
  preview,
}: SetUpPage): Html {
  const { account, signIn } = words[locale]
  const isMany = method.enrol?.holds === 'many'
  const link = challenge?.uri
  return html`${page.shows.map((shown) => part(locale, shown, challenge?.[shown.part]))}
${typeof link === 'string' && html`<a class="button quiet noprint" href="${link}">${account.openApp}</a>`}
<form class="noprint" method="post" action="/account/ways/${method.id}"${page.browserScript !== undefined && html` data-challenge="${JSON.stringify(challenge)}"`}>
${page.browserScript !== undefined && html`<noscript><p>${signIn.needsScript}</p></noscript><input type="hidden" name="answer" value="">`}
${methodFields(locale, { ...method, form: [...(asksFormer && method.enrol?.former ? [method.enrol.former.field] : []), ...page.form] }, { message, preview })}
${isMany && defaultName !== '' && field(locale, { name: 'name', label: account.rename, hint: words[locale].signUp.optional, type: 'text', value: defaultName, autocomplete: 'off', maxlength: 100 })}
<button>${page.shows.some(({ kind }) => kind === 'codes') ? account.kept : account.confirm}</button>
</form>
${askFaults(locale)}`
}

function part(locale: Locale, { kind }: SetUpPart, value: unknown): Html {
  const own = words[locale].account
  switch (kind) {
    case 'image':
      return html`<img class="qr" alt="QR" src="data:image/svg+xml;base64,${Buffer.from(String(value)).toString('base64')}">\n`
    case 'secret':
      return html`<p class="hint">${own.secretText}</p>
<p class="secret" id="secret"><span>${inFours(String(value))}</span></p>
<div class="row noprint" data-with-script><button type="button" class="quiet" data-copy="secret">${own.copy}</button></div>
<p role="status" id="copied" hidden>${own.copied}</p>
`
    case 'codes':
      return html`<p>${own.codesText}</p>
<ul class="codes" id="codes">${(value as string[]).map((code) => html`<li>${code}</li>`)}</ul>
<div class="row noprint" data-with-script>
<button type="button" class="quiet" data-copy="codes">${own.copy}</button>
<button type="button" class="quiet" data-print>${own.print}</button>
<a class="button quiet" data-save="codes" href="#codes" download="recovery-codes.txt">${own.saveFile}</a>
</div>
<p role="status" id="copied" hidden>${own.copied}</p>
`
  }
}

/** Easier to read and to type; apps ignore the spaces. */
const inFours = (text: string): string => text.replaceAll(/(.{4})(?=.)/g, '$1 ')

/** One credential: rename or remove it. */
export function credentialPage(given: {
  locale: Locale
  credential: Credential
  method: MethodDefinition
  fault: Fault | null
}): PageContent {
  const { locale, credential, method, fault } = given
  const own = words[locale].account
  const name = credential.name ?? methodLabel(locale, method)
  const path = `/account/credentials/${credential.id}`
  return {
    title: name,
    signedIn: true,
    body: html`<h1>${name}</h1>
${alert(locale, fault)}
${
  method.enrol?.holds === 'many' &&
  html`<form method="post" action="${path}/rename">
${field(locale, { name: 'name', label: own.rename, type: 'text', value: credential.name ?? '', autocomplete: 'off', maxlength: 100, required: true })}
<button class="quiet">${own.renameButton}</button>
</form>`
}
<div class="or"><h2>${say(locale, own.removeTitle, { name })}</h2>
<p class="hint">${own.removeText}</p>
${buttonForm({ path: `${path}/remove`, label: own.remove, kind: 'quiet danger' })}</div>
<p class="or"><a class="link" href="/account">${own.back}</a></p>`,
  }
}
