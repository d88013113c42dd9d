import type { Locale } from '../domain/locale.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { methodFields } from './fields.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { alert, type Fault } from './parts.ts'

/** Asks for the name and the password of a company's directory. */
export function directoryPage(given: {
  locale: Locale
  method: MethodDefinition
  /** Of the connection. */
  name: string
  /** What was typed before. */
  username: string
  fault: Fault | null
  /** Minutes until it may be tried again. */
  wait: string | undefined
  path: string
  /** The method's own words for what was wrong. */
  message?: string | undefined
  /** Links the directory to the account that is signed in. */
  isLink?: boolean
  /** Where the other methods are, or the account. */
  others: string
}): PageContent {
  const { locale, method, name, username, fault, wait, path, others, isLink = false } = given
  const { signIn, upstream, account } = words[locale]
  const title = say(locale, isLink ? upstream.add : upstream.with, { name })
  const values = username === '' ? {} : { username }
  return {
    title,
    ...(isLink && { signedIn: true }),
    body: html`<h1>${title}</h1>
${alert(locale, fault, { own: given.message ?? method.words[locale].wrong, wait })}
<form method="post" action="${path}">
${methodFields(locale, method, { isWrong: fault !== null, values })}
<button>${isLink ? account.confirm : signIn.submit}</button>
</form>
<p class="or"><a class="link" href="${others}">${isLink ? account.back : signIn.otherWays}</a></p>`,
  }
}
