import { field } from '../../src/pages/fields.ts'
import { html } from '../../src/pages/html.ts'
import { alert, avatar, buttonForm, note } from '../../src/pages/parts.ts'
import { upstreamButtons, upstreamRules } from '../../src/pages/upstream-pages.ts'
import { words } from '../../src/words/pages.ts'
import { address, method, personOf, previewIn, upstreams } from './samples.ts'
import type { StatesIn } from './state.ts'

/** Every component once, on one page. */
export const componentStates: StatesIn = (locale) => {
  const { signIn, account } = words[locale]
  const preview = previewIn(locale)
  const buttons = upstreams(locale)
  return {
    all: {
      title: 'Components',
      rules: upstreamRules(buttons),
      body: html`<h1>Components</h1>
<p>Text, <a href="#">a link</a>, <span class="hint">a hint</span>, <span class="mark">a mark</span>.</p>
${alert(locale, 'wrong')}
${note(locale, 'added')}
<div class="who">${avatar(address)}<div><span class="hint">${signIn.as}</span><strong>${address}</strong></div><a class="link" href="#">${signIn.notYou}</a></div>
${field(locale, { name: 'text', label: account.name, type: 'text', autocomplete: 'off', value: personOf(locale) })}
${field(locale, { name: 'wrong', label: account.email, type: 'email', autocomplete: 'off', value: 'minji@', message: words[locale].faults.invalid })}
${field(locale, { name: 'secret', label: method('password').words[locale].label as string, type: 'password', autocomplete: 'off', preview })}
${field(locale, { name: 'digits', label: account.code, type: 'text', autocomplete: 'one-time-code', value: '626927' })}
<label class="check"><input type="checkbox" name="remember" value="yes"> <span>${signIn.goOn}</span></label>
<p class="code">12</p>
${buttonForm({ path: '#', label: signIn.continue, kind: '' })}
${buttonForm({ path: '#', label: signIn.sendAgain, until: 90 })}
${buttonForm({ path: '#', label: account.remove, kind: 'quiet danger' })}
<button class="chip" type="button">${avatar(address)}<span><strong>${personOf(locale)}</strong><span class="mark">${signIn.recent}</span><span class="hint">${address}</span></span></button>
<details><summary>${signIn.otherWays}</summary><p>…</p></details>
<ol class="steps"><li>${method('totp').words[locale].step_1 as string}</li><li>${method('totp').words[locale].step_2 as string}</li></ol>
<div class="or">${upstreamButtons(locale, buttons)}</div>`,
    },
  }
}
