import { Secret, TOTP } from 'otpauth'
import { begin, password, prove, setUp, show, signUp } from './client.ts'

// An authenticator app beside the password: two factors, aal2.
const { email, token } = await signUp()
let app = new TOTP()
await setUp('totp', token, (challenge) => {
  app = new TOTP({ secret: Secret.fromBase32(challenge.secret) })
  return { code: app.generate() }
})
const attempt = await begin(email)
const { offers } = await prove(attempt, 'password', () => ({ password }))
console.log('then one of:', offers.map(({ method }: { method: string }) => method).join(', '))
// A code works once, so this is the one of the coming half minute.
show(await prove(attempt, 'totp', () => ({ code: app.generate({ timestamp: Date.now() + 30_000 }) })))
