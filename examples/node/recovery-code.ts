import { begin, password, prove, setUp, show, signUp } from './client.ts'

// Ten codes, shown once; each substitutes a lost factor, once.
const { email, token } = await signUp()
let codes: string[] = []
await setUp('recovery-code', token, (challenge) => {
  codes = challenge.codes
  return { confirm: true }
})
const attempt = await begin(email, { acr: 'aal2' })
await prove(attempt, 'password', () => ({ password }))
const done = await prove(attempt, 'recovery-code', () => ({ code: codes[0] }))
console.log('codes left:', done.notes.remaining)
show(done)
