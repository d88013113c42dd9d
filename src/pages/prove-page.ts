import type { Attempt } from '../domain/attempt.ts'
import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { methodFields } from './fields.ts'
import { type Html, html } from './html.ts'
import { askFaults, askingScript, signInTitle } from './name-page.ts'
import type { PageContent } from './page-content.ts'
import { alert, avatar, breakable, buttonForm, type Fault, hiddenFields, methodLabel } from './parts.ts'
import { type UpstreamButton, upstreamButtons, upstreamRules } from './upstream-pages.ts'

export interface ProvePage {
  locale: Locale
  path: string
  /** The application to sign in to, if any. */
  client: string | null
  fault: Fault | null
  /** Minutes until it may be tried again. */
  wait: string | undefined
  purpose: Attempt['purpose']
  attempt: string
  /** The identifier that was typed; null if none. */
  name: string | null
  /** Where another name is given. */
  start: string
  /** Where the form for a forgotten password goes; null in a recovery. */
  recover: string | null
  /** For how many days this browser may be remembered; 0 if it may not. */
  rememberedDays: number
  /** Null if only upstream providers are left. */
  method: MethodDefinition | null
  upstreams: readonly UpstreamButton[]
  /** What the method asked, once it was begun. */
  challenge: Record<string, unknown> | null
  /** Seconds until it may be asked for again. */
  waitSeconds: number
  others: readonly MethodDefinition[]
  /** True once something is proved. */
  isFurther: boolean
  /** Why, one sentence each. */
  reasons: readonly string[]
  /** Where the browser continues after enough was proved, and after something was. */
  returnUrl: string
  continueUrl: string
}

/** Asks for the proof of one method, from what the method declares; other methods are a button away. */
export function provePage(page: ProvePage): PageContent {
  const { locale, path, client, fault, purpose, method, others, upstreams, isFurther, reasons } = page
  const { signIn } = words[locale]
  const title = isFurther
    ? signIn.moreTitle
    : purpose === 'recover'
      ? signIn.recoverTitle
      : signInTitle(locale, client)
  const given = { hidden: { attempt: page.attempt } }
  const home = upstreams.filter(({ isHome }) => isHome)
  const byHome = upstreamButtons(locale, home, given)
  const elsewhere = method === null ? upstreams : upstreams.filter(({ isHome }) => !isHome)
  const byUpstream = upstreamButtons(locale, elsewhere, given)
  return {
    title,
    rules: upstreamRules(upstreams),
    ...(method?.browserScript !== undefined && { script: askingScript([method]) }),
    body: html`<h1>${title}</h1>
${who(page)}
${method !== null && byHome !== false && html`${byHome}<div class="or"></div>`}
${method === null ? html`${alert(locale, fault, page)}${byUpstream}` : methodPart({ ...page, method })}
${
  method !== null &&
  (others.length > 0 || byUpstream !== false) &&
  html`<details class="ways"><summary>${signIn.otherWays}</summary>
${others.map((other) =>
  buttonForm({
    path,
    label: methodLabel(locale, other),
    hidden: { method: other.id, step: 'choose' },
  }),
)}${byUpstream}</details>`
}
${
  (isFurther || purpose !== 'sign-in') &&
  html`<details><summary>${signIn.why}</summary>
<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
</details>`
}`,
  }
}

type MethodPage = ProvePage & { method: MethodDefinition }

function methodPart(page: MethodPage): Html {
  const { locale, path, fault, method, challenge } = page
  const { signIn } = words[locale]
  const label = methodLabel(locale, method)
  const mustBegin = method.begin !== undefined && challenge === null
  const isNamed = method.form.some(({ label: name }) =>
    method.words[locale][name]?.toLowerCase().includes(label.toLowerCase()),
  )
  const { ask, wrong } = method.words[locale]
  return html`${ask === undefined ? !isNamed && html`<p>${label}</p>` : html`<p>${ask}</p>`}
${typeof challenge?.sent_to === 'string' && html`<p role="status">${say(locale, signIn.sent, { to: challenge.sent_to })}</p>`}
${method.approve && !mustBegin && html`<p>${signIn.linkWaiting}</p>`}
${typeof challenge?.number === 'string' && html`<p>${signIn.linkNumber}</p><p class="code">${challenge.number}</p>`}
${alert(locale, fault, { own: wrong, wait: page.wait })}
${method.browserScript === undefined ? form(page, mustBegin) : askButton(page)}
${
  method.sends !== undefined &&
  !mustBegin &&
  buttonForm({
    path,
    label: signIn.sendAgain,
    hidden: { method: method.id, step: 'begin' },
    until: page.waitSeconds,
  })
}`
}

const who = ({ locale, name, start, purpose }: ProvePage): Html | false =>
  name !== null &&
  html`<div class="who">${avatar(name)}<div><span class="hint">${words[locale].signIn[purpose === 'recover' ? 'recovering' : 'as']}</span><strong>${breakable(name)}</strong></div><a class="link" href="${start}">${words[locale].signIn.notYou}</a></div>
`

/** The name goes along, so that a password manager knows whose secret it keeps. */
function form(page: MethodPage, mustBegin: boolean): Html {
  const { path, method, locale, fault, name, recover, rememberedDays } = page
  const { signIn } = words[locale]
  const isSecret = method.form.some(({ type }) => type === 'secret')
  return html`<form method="post" action="${path}">
${hiddenFields({ method: method.id, step: mustBegin ? 'begin' : 'answer' })}
${isSecret && name !== null && html`<input type="text" name="username" value="${name}" autocomplete="username" hidden>`}
${!mustBegin && methodFields(locale, method, { isWrong: fault !== null })}
${
  !mustBegin &&
  page.isFurther &&
  page.purpose === 'sign-in' &&
  rememberedDays > 0 &&
  html`<label class="check"><input type="checkbox" name="remember" value="yes"> <span>${say(locale, signIn.remember, { days: rememberedDays })}</span></label>`
}
<button>${mustBegin ? signIn.send : signIn.submit}</button>
</form>
${
  isSecret &&
  name !== null &&
  recover !== null &&
  !page.isFurther &&
  html`<form class="beside" method="post" action="${recover}">${hiddenFields({ username: name })}<button class="plain">${signIn.forgot}</button></form>`
}`
}

/** For a method that needs a script. */
const askButton = ({
  method,
  attempt,
  returnUrl,
  continueUrl,
  locale,
}: MethodPage): Html => html`<noscript><p>${words[locale].signIn.needsScript}</p></noscript>
<button type="button" data-with-script data-ask data-attempt="${attempt}" data-method="${method.id}" data-return-url="${returnUrl}" data-continue-url="${continueUrl}" autofocus>${method.words[locale].signIn ?? method.words[locale].label}</button>
${askFaults(locale)}`
