/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Runs in the browser, from its own source: what makes a page that works without script pleasanter with it.
 */
export function enhance(): void {
  const all = <Kind extends HTMLElement>(selector: string): Kind[] => [
    ...document.querySelectorAll<Kind>(selector),
  ]

  // A form is sent once, however often it is pressed; a page that comes back from the browser's memory can be
  // sent again.
  addEventListener('submit', () => {
    setTimeout(() => setBusy(true))
    setTimeout(() => setBusy(false), 8000) // a reply that is a file leaves the page as it is
  })
  addEventListener('pageshow', () => setBusy(false))
  function setBusy(isBusy: boolean): void {
    for (const button of all<HTMLButtonElement>('form button'))
      if (!button.dataset.until) button.disabled = isBusy
  }

  for (const button of all<HTMLButtonElement>('[data-reveal]')) {
    const input = button.parentElement?.querySelector('input') as HTMLInputElement
    const { reveal = '', hide = '' } = button.dataset
    button.addEventListener('click', () => {
      const isShown = input.type === 'text'
      input.type = isShown ? 'password' : 'text'
      button.textContent = isShown ? reveal : hide
      button.setAttribute('aria-pressed', String(!isShown))
      input.focus()
    })
    input.form?.addEventListener('submit', () => {
      input.type = 'password' // so that the browser's own store knows it for one
    })
  }

  for (const hint of all('[data-caps]'))
    for (const kind of ['keydown', 'keyup'] as const)
      addEventListener(kind, (event) => {
        if (event.target instanceof HTMLInputElement && event.target.type === 'password')
          hint.hidden = !event.getModifierState?.('CapsLock')
      })

  for (const button of all<HTMLButtonElement>('[data-until]')) {
    const label = button.textContent
    let left = Number(button.dataset.until)
    const tick = (): void => {
      button.disabled = left > 0
      button.textContent =
        left > 0 ? `${label} (${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')})` : label
      if (left-- > 0) setTimeout(tick, 1000)
      else delete button.dataset.until
    }
    tick()
  }

  const textOf = (id: string | undefined): string =>
    [...(document.getElementById(id ?? '')?.children ?? [])].map((line) => line.textContent).join('\n')
  for (const button of all('[data-copy]'))
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(textOf(button.dataset.copy))
      const said = document.getElementById('copied')
      if (said) said.hidden = false
    })
  for (const button of all('[data-print]')) button.addEventListener('click', () => print())
  for (const link of all<HTMLAnchorElement>('[data-save]'))
    link.addEventListener('click', () => {
      link.href = URL.createObjectURL(new Blob([`${textOf(link.dataset.save)}\n`], { type: 'text/plain' }))
    })

  // A code that came by text message (WebOTP): the browser asks, and fills it in.
  const code = document.querySelector<HTMLInputElement>('input[data-sms]')
  if (code && 'OTPCredential' in window) {
    const asking = { otp: { transport: ['sms'] } } as CredentialRequestOptions
    navigator.credentials.get(asking).then(
      (got) => {
        code.value = (got as unknown as { code: string } | null)?.code ?? ''
        code.form?.requestSubmit()
      },
      () => undefined,
    )
  }
}
