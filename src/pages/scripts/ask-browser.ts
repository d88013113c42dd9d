/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type Answer = (
  challenge: unknown,
  options?: { mediation?: 'conditional'; signal?: AbortSignal },
) => Promise<unknown>

/**
 * Runs in the browser: buttons for methods that need a script, over the public API. `answers`: by method;
 * `tell`: shows what went wrong. Before a name is typed, the browser's passkeys are also offered by autofill
 * (conditional mediation).
 */
export function askBrowser(answers: Record<string, Answer>, tell: (error: Error) => void): void {
  const base = document.documentElement.dataset.base ?? ''
  const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const reply = await fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = await reply.json()
    if (!reply.ok) throw new Error(said.code)
    return said
  }
  let waiting: AbortController | undefined

  async function ask(button: HTMLElement, options: Parameters<Answer>[1]): Promise<void> {
    const { method = '', returnUrl = '/', continueUrl = '', acr } = button.dataset
    const begun =
      button.dataset.attempt ??
      ((await post('/v1/attempts', { purpose: 'sign-in', ...(acr && { acr }) })).id as string)
    const path = `/v1/attempts/${begun}/${method}`
    const { challenge } = await post(path, {})
    const answer = await answers[method]?.(challenge, options)
    const { status } = await post(`${path}/answer`, answer)
    location.assign(status === 'done' ? returnUrl : continueUrl.replace('{attempt}', begun))
  }

  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-ask]')) {
    button.addEventListener('click', () => {
      waiting?.abort()
      const failed = document.getElementById('asked')
      if (failed) failed.hidden = true
      button.disabled = true
      ask(button, {})
        .catch(tell)
        .finally(() => {
          button.disabled = false
        })
    })
  }

  const silent = document.querySelector<HTMLElement>('[data-ask][data-autofill]')
  const { isConditionalMediationAvailable } = window.PublicKeyCredential ?? {}
  if (silent && isConditionalMediationAvailable)
    void isConditionalMediationAvailable.call(PublicKeyCredential).then((can) => {
      if (!can) return
      waiting = new AbortController()
      // the user chose none
      ask(silent, { mediation: 'conditional', signal: waiting.signal }).catch(() => undefined)
    })
}
