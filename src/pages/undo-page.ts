import type { Locale } from '../domain/account.ts'
import { type Html, html } from './html.ts'
import { pageWords } from './words.ts'

export type UndoPage = { locale: Locale } & ({ state: 'ask'; token: string; address: string } | { state: 'done' | 'over' })

/** Gives a former address back to the account, once the button is pressed. */
export function undoPage(page: UndoPage): { title: string; body: Html } {
  const words = pageWords[page.locale]
  switch (page.state) {
    case 'done':
      return { title: words.undoDoneTitle, body: html`<h1>${words.undoDoneTitle}</h1>\n<p>${words.undoDone}</p>` }
    case 'over':
      return { title: words.undoOverTitle, body: html`<h1>${words.undoOverTitle}</h1>\n<p>${words.undoOver}</p>` }
    case 'ask':
      return {
        title: words.undoTitle,
        body: html`<h1>${words.undoTitle}</h1>
<p>${words.undoText.replace('{address}', page.address)}</p>
<form method="post" action="/undo">
<input type="hidden" name="token" value="${page.token}">
<button>${words.undoButton}</button>
</form>`,
      }
  }
}
