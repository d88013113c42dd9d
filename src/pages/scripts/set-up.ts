/// <reference lib="dom" />

/** Runs in the browser: what it answers to the challenge is sent with the form. */
export function setUp(answerOf: (challenge: unknown) => Promise<unknown>): void {
  const form = document.querySelector<HTMLFormElement>('form[data-challenge]')
  const button = form?.querySelector<HTMLButtonElement>('button')
  const failed = document.getElementById('asked')
  if (!form || !button) return
  let isAnswered = false
  form.addEventListener('submit', (event) => {
    if (isAnswered) return
    event.preventDefault()
    event.stopPropagation()
    button.disabled = true
    answerOf(JSON.parse(form.dataset.challenge ?? ''))
      .then((answer) => {
        const input = form.elements.namedItem('answer') as HTMLInputElement
        input.value = JSON.stringify(answer)
        isAnswered = true
        form.requestSubmit()
      })
      .catch((error: Error) => {
        const lines = [...(failed?.children ?? [])] as HTMLElement[]
        const found = lines.find(({ dataset }) => dataset.error === error.name) ?? lines[0]
        for (const line of lines) line.hidden = line !== found
        if (failed) failed.hidden = false
        button.disabled = false
      })
  })
}
