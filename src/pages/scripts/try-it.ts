/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Runs in the browser, on the page of the API: signs in, and sends the call that a form describes. */
export function tryIt(): void {
  const base = document.documentElement.dataset.base ?? ''
  let token = ''

  const signIn = document.querySelector<HTMLFormElement>('#authorize') as HTMLFormElement
  const said = document.querySelector<HTMLElement>('#authorized') as HTMLElement
  signIn.addEventListener('submit', async (event) => {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(signIn))
    const reply = await fetch(`${base}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    })
    const { access_token: given, scope, title } = await reply.json()
    token = given ?? ''
    said.textContent = reply.ok ? `Authorized for: ${scope}` : title
  })

  for (const form of document.querySelectorAll<HTMLFormElement>('form.try'))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      send(form).catch((error: Error) => show(form, error.message, ''))
    })

  // A link to a call opens it.
  const openTarget = (): void => {
    const found = document.getElementById(location.hash.slice(1))
    if (found instanceof HTMLDetailsElement) found.open = true
  }
  addEventListener('hashchange', openTarget)
  openTarget()

  async function send(form: HTMLFormElement): Promise<void> {
    const { method = 'GET', path = '', type } = form.dataset
    const url = new URL(
      base + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => typedInto(form, name)),
      location.href,
    )
    for (const input of form.querySelectorAll<HTMLInputElement>('[data-in=query]'))
      if (input.value !== '') url.searchParams.set(input.name, input.value)
    const text = form.querySelector<HTMLTextAreaElement>('[data-body]')?.value
    const reply = await fetch(url, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(text !== undefined && {
        body: type === 'application/json' ? text : new URLSearchParams(JSON.parse(text)),
      }),
    })
    show(form, `${reply.status} ${reply.statusText}`, pretty(await reply.text()))
  }

  function typedInto(form: HTMLFormElement, name: string): string {
    const input = form.elements.namedItem(name) as HTMLInputElement | null
    return encodeURIComponent(input?.value ?? '')
  }

  function show(form: HTMLFormElement, status: string, text: string): void {
    const line = document.createElement('strong')
    line.textContent = status
    const body = document.createElement('pre')
    body.textContent = text
    form.querySelector('[role=status]')?.replaceChildren(line, ...(text === '' ? [] : [body]))
  }

  function pretty(text: string): string {
    try {
      return JSON.stringify(JSON.parse(text), null, 2)
    } catch {
      return text
    }
  }
}
