import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { say } from '../../words/say.ts'
import { field } from '../fields.ts'
import { html } from '../html.ts'
import { messagePage } from '../message-page.ts'
import type { PageContent } from '../page-content.ts'
import { alert, buttonForm, type Fault } from '../parts.ts'

/** A page of its own, since proving once more who one is leads back to a page, and not to a file. */
export function dataPage(locale: Locale): PageContent {
  const own = words[locale].account
  return {
    title: own.data,
    signedIn: true,
    body: html`<h1>${own.data}</h1>
<p>${own.dataText}</p>
${buttonForm({ path: '/account/data', label: own.download, kind: '' })}
<p class="or"><a class="link" href="/account">${own.back}</a></p>`,
  }
}

/** Deleting asks for the account's name, against accidental clicks. */
export function deletePage({
  locale,
  name,
  fault,
}: {
  locale: Locale
  name: string
  fault: Fault | null
}): PageContent {
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

export const deletedPage = (locale: Locale): PageContent =>
  messagePage(words[locale].account.deletedTitle, words[locale].account.deleted)
