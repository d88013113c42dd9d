/// <reference lib="dom" />

/**
 * Runs in the browser: what it answers to the challenge is sent with the form. `tell`: shows what went wrong.
 */
export function setUp(
  answerOf: (challenge: unknown) => Promise<unknown>,
  tell: (error: Error) => void,
): void {
  const form = document.querySelector<HTMLFormElement>('form[data-challenge]')
  const button = form?.querySelector<HTMLButtonElement>('button')
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
        tell(error)
        button.disabled = false
      })
  })
}
