import { html } from './html.ts'
import type { PageContent } from './page-content.ts'
import { hiddenFields } from './parts.ts'

/** A heading and a sentence. */
export const messagePage = (title: string, text: string): PageContent => ({
  title,
  body: html`<h1>${title}</h1>\n<p>${text}</p>`,
})

/** Says what went wrong, with a link to continue. */
export const dismissPage = (given: {
  title: string
  text: string
  detail?: string
  label: string
  url: string
}): PageContent => ({
  title: given.title,
  body: html`<h1>${given.title}</h1>\n<p>${given.text}</p>${given.detail !== undefined && html`\n<p class="hint">${given.detail}</p>`}\n<a class="button" href="${given.url}">${given.label}</a>`,
})

/** Posts values to a URL automatically, with a button as fallback. */
export const sendOnPage = (given: {
  title: string
  label: string
  url: string
  values: Readonly<Record<string, string>>
}): PageContent => ({
  title: given.title,
  script: 'document.querySelector("main form").submit()',
  body: html`<h1>${given.title}</h1>\n<form method="post" action="${given.url}">${hiddenFields(given.values)}<button>${given.label}</button></form>`,
})

/** Continues to a URL automatically, with a link as fallback. */
export const continuePage = (given: { title: string; label: string; url: string }): PageContent => ({
  title: given.title,
  continueUrl: given.url,
  body: html`<h1>${given.title}</h1>\n<a class="button" href="${given.url}">${given.label}</a>`,
})
