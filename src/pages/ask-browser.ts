import type { Locale } from '../domain/account.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { type Html, html } from './html.ts'
import type { SignInWords } from './sign-in-words.ts'

/** For a method that no form can ask for: a button, and where it leads. */
export const askBrowser = ({
  method,
  attempt,
  onward,
  locale,
  words,
}: {
  method: MethodDefinition
  attempt: { id: string }
  onward: string
  locale: Locale
  words: SignInWords
}): Html => html`<noscript><p>${words.needsScript}</p></noscript>
<button id="ask" type="button" data-path="/v1/attempts/${attempt.id}/${method.id}" data-onward="${onward}" autofocus>${method.words[locale].label}</button>
<div role="alert" id="asked" hidden><p>${words.wrong}</p></div>`

/** What the button does, over the same calls as any program makes. `script`: the method's own. */
export const askingScript = (script: string): string => `const ask = document.getElementById('ask')
const answerOf = ${script}
const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
ask.addEventListener('click', async () => {
  const { path, onward } = ask.dataset
  try {
    const { challenge } = await (await post(path, {})).json()
    const reply = await post(path + '/answer', await answerOf(challenge))
    const { status } = await reply.json()
    if (!reply.ok) throw new Error('refused')
    location.assign(status === 'done' ? onward : location.href)
  } catch {
    document.getElementById('asked').hidden = false
  }
})`
