/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Runs in the browser: rates what is typed into a field that one chooses, once the typing pauses. */
export function showStrength(): void {
  const pause = 250 // milliseconds
  for (const input of document.querySelectorAll<HTMLInputElement>('[data-preview]')) {
    const shown = document.getElementById(`${input.id}-strength`)
    if (!shown) continue
    const [meter, text] = [...shown.children] as [HTMLMeterElement, HTMLElement]
    const { preview = '', as = '', known = '[]' } = input.dataset
    let timer = 0
    let last = 0

    const rate = async (): Promise<void> => {
      const mine = ++last
      shown.hidden = input.value === ''
      if (shown.hidden) return
      const beside = [...new FormData(input.form as HTMLFormElement)].flatMap(([name, value]) =>
        ['email', 'username', 'name'].includes(name) && value !== '' ? [String(value)] : [],
      )
      const reply = await fetch(preview, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang },
        body: JSON.stringify({ [as]: input.value, known: [...JSON.parse(known), ...beside] }),
      })
      if (mine !== last || !reply.ok) return
      const { score, label, message } = await reply.json()
      meter.value = score
      text.textContent = message === null ? label : `${label}: ${message}`
    }

    input.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(() => void rate().catch(() => undefined), pause) as unknown as number
    })
  }
}
