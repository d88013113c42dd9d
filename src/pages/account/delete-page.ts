import type { Locale } from '../../domain/account.ts'
import { field } from '../fields.ts'
import { html } from '../html.ts'
import { messagePage } from '../message-page.ts'
import type { PageContent } from '../page-content.ts'
import { alert, type Fault } from '../parts.ts'
import { say } from '../say.ts'
import { words } from '../words/index.ts'

/** Nobody deletes an account by one press too many: its name is typed first. */
export function deletePage({ locale, name, fault }: { locale: Locale; name: string; fault: Fault | null }): PageContent {
  const own = words[locale].account
  return {
    title: own.deleteTitle,
    signedIn: true,
    body: html`<h1>${own.deleteTitle}</h1>
<p>${own.deleteText}</p>
${alert(locale, fault)}
<form method="post" action="/account/delete">
${field(locale, { name: 'name', label: say(locale, own.deleteType, { name }), type: 'text', value: '', autocomplete: 'off', maxlength: 254, required: true, describedBy: fault === null ? undefined : 'fault' })}
<button class="danger">${own.deleteButton}</button>
</form>
<p class="or"><a class="link" href="/account">${own.back}</a></p>`,
  }
}

export const deletedPage = (locale: Locale): PageContent => messagePage(words[locale].account.deletedTitle, words[locale].account.deleted)
