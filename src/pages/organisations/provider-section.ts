import type { Locale } from '../../domain/locale.ts'
import { words } from '../../words/pages.ts'
import { field } from '../fields.ts'
import { type Html, html } from '../html.ts'
import { buttonForm } from '../parts.ts'

export interface ProviderSection {
  locale: Locale
  /** Of the organisation's page. */
  path: string
  connections: readonly { id: string; slug: string; name: string; isEnabled: boolean }[]
  /** Only they sign in. */
  isRequired: boolean
  /** What the next connection's identity provider is given. */
  own: { acs: string; entityId: string }
}

/** An organisation's own identity providers, connected by what their metadata says. */
export function providerSection(section: ProviderSection): Html {
  const { locale, path, connections, isRequired } = section
  const { organisation: own, account } = words[locale]
  const rows = connections.map(({ id, slug, name, isEnabled }) => {
    const aside = html`<span class="aside"> ${name}</span>`
    const state = !isEnabled ? own.disabled : isRequired ? own.enforced : null
    return html`<li><div>${name}${state !== null && html`<span class="mark${!isEnabled && ' off'}">${state}</span>`}<br><span class="hint">${slug}</span></div>
<div class="acts">${isEnabled && buttonForm({ path: `/account/connections/${slug}`, label: html`${own.test}${aside}`, kind: 'plain' })}${buttonForm({ path: `${path}/connections/${id}/remove`, label: html`${account.remove}${aside}`, kind: 'plain' })}</div></li>
`
  })
  return html`<section class="card" aria-labelledby="provider"><h2 id="provider">${own.signIn}</h2>
<p class="hint">${own.signInText}</p>
${rows.length > 0 && html`<ul class="rows">${rows}</ul>\n${requirement(section)}`}
${newProvider(section)}</section>`
}

function requirement({ locale, path, isRequired }: ProviderSection): Html {
  const own = words[locale].organisation
  return isRequired
    ? buttonForm({ path: `${path}/relax`, label: own.relax })
    : html`<p class="hint">${own.enforceText}</p>
${buttonForm({ path: `${path}/require`, label: own.enforce })}`
}

function newProvider({ locale, path, own: given }: ProviderSection): Html {
  const own = words[locale].organisation
  return html`<p class="or">${own.ownValues}</p>
<dl class="record"><dt>${own.acs}</dt><dd><code>${given.acs}</code></dd><dt>${own.entityId}</dt><dd><code>${given.entityId}</code></dd></dl>
<form method="post" action="${path}/connections">
${field(locale, { name: 'url', label: own.metadataUrl, type: 'text', inputmode: 'text', autocomplete: 'off', maxlength: 1024 })}
<label for="metadata">${own.metadataXml}</label>
<textarea id="metadata" name="metadata" rows="4" spellcheck="false" autocomplete="off"></textarea>
<button class="quiet">${own.connect}</button>
</form>`
}
