import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { html } from '../html.ts'
import { dismissPage } from '../message-page.ts'
import type { PageContent } from '../page-content.ts'
import { breakable, buttonForm } from '../parts.ts'

export type JoinPage = { locale: Locale } & (
  | { state: 'over' }
  /** No one is signed in. */
  | { state: 'anonymous'; organisation: string; address: string; path: string; token: string }
  /** The account has confirmed the address. */
  | { state: 'ask'; organisation: string; address: string; path: string; account: string }
  | { state: 'other'; organisation: string; address: string; account: string; another: string }
)

/** What an invitation leads to: nothing happens before a button is pressed. */
export function joinPage(page: JoinPage): PageContent {
  const { locale } = page
  const { organisation: own, signIn, account: ofAccount } = words[locale]
  if (page.state === 'over')
    return dismissPage({ title: own.overTitle, text: own.over, label: signIn.title, url: '/signin' })
  const { organisation, address } = page
  const title = say(locale, own.joinTitle, { organisation })
  switch (page.state) {
    case 'anonymous':
      return {
        title,
        body: html`<h1>${title}</h1>
<p>${breakable(say(locale, own.joinFirst, { address }))}</p>
<form method="post" action="${page.path}">
<input type="hidden" name="token" value="${page.token}">
<button name="next" value="signin">${signIn.title}</button>
<button class="quiet" name="next" value="signup">${signIn.makeAccount}</button>
</form>`,
      }
    case 'ask':
      return {
        title,
        signedIn: true,
        body: html`<h1>${title}</h1>
<p>${breakable(say(locale, own.joinText, { address }))}</p>
<p class="hint">${signIn.as} <strong>${breakable(page.account)}</strong></p>
${buttonForm({ path: page.path, label: own.join, kind: '' })}
<a class="button quiet" href="/account">${words[locale].upstream.notNow}</a>`,
      }
    case 'other': {
      const heading = say(locale, own.otherTitle, { address })
      return {
        title: heading,
        signedIn: true,
        body: html`<h1>${breakable(heading)}</h1>
<p>${breakable(say(locale, own.otherText, { account: page.account }))}</p>
<a class="button" href="/account/addresses/email">${own.confirmAddress}</a>
<a class="button quiet" href="${page.another}">${signIn.another}</a>
<p class="or"><a class="link" href="/account">${ofAccount.back}</a></p>`,
      }
    }
  }
}
