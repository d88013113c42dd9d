import type { Locale } from '../domain/locale.ts'
import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { html } from './html.ts'
import { dismissPage } from './message-page.ts'
import type { PageContent } from './page-content.ts'

export type RecoveryLinkPage = { locale: Locale } & (
  | { state: 'ask'; path: string; token: string; name: string }
  /** Used, late, or its account is gone. */
  | { state: 'over' }
)

/** Says whose account the link opens, and opens it once the button is pressed. */
export function recoveryLinkPage(page: RecoveryLinkPage): PageContent {
  const own = words[page.locale].recoveryLink
  if (page.state === 'over')
    return dismissPage({
      ...{ title: own.overTitle, text: own.over },
      ...{ label: words[page.locale].signIn.title, url: '/signin' },
    })
  return {
    title: own.title,
    body: html`<h1>${own.title}</h1>
<p>${say(page.locale, own.text, { name: page.name })}</p>
<form method="post" action="${page.path}">
<input type="hidden" name="token" value="${page.token}">
<button>${own.button}</button>
</form>`,
  }
}
