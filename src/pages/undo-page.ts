import { words } from '../words/pages.ts'
import { say } from '../words/say.ts'
import { type ActivityLine, activityList } from './account/activity-page.ts'
import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import type { Reader } from './time.ts'

export type UndoPage = { reader: Reader } & (
  | { state: 'ask'; token: string; address: string; since: readonly ActivityLine[] }
  /** `returnUrl`: where its owner continues. */
  | { state: 'done'; returnUrl: string }
  | { state: 'over' }
)

/**
 * Says what happened since an address was changed, and gives it back to the account once the button is
 * pressed.
 */
export function undoPage(page: UndoPage): PageContent {
  const { reader } = page
  const own = words[reader.locale].undo
  switch (page.state) {
    case 'done':
      return {
        title: own.doneTitle,
        continueUrl: page.returnUrl,
        body: html`<h1>${own.doneTitle}</h1>\n<p>${own.done}</p>\n<a class="button" href="${page.returnUrl}">${own.recover}</a>`,
      }
    case 'over':
      return { title: own.overTitle, body: html`<h1>${own.overTitle}</h1>\n<p>${own.over}</p>` }
    case 'ask':
      return {
        title: own.title,
        body: html`<h1>${own.title}</h1>
<p>${say(reader.locale, own.text, { address: page.address })}</p>
<ol><li>${own.stepBack}</li><li>${own.stepSuspend}</li><li>${own.stepChoose}</li></ol>
<h2>${own.since}</h2>
${activityList(reader, page.since)}
<form method="post" action="/undo">
<input type="hidden" name="token" value="${page.token}">
<button>${own.button}</button>
</form>`,
      }
  }
}
