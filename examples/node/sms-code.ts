import { begin, call, prove, show, signUp } from './client.ts'
import { messageTo } from './outbox.ts'

// A code by text message, to a number that was verified first.
const { token } = await signUp()
const phone = `+8210${String(Date.now()).slice(-8)}`
await call('/v1/me/identifiers/phone', { value: phone }, token)
await call('/v1/me/identifiers/phone/answer', { code: (await messageTo(phone, /confirm/)).code }, token)
const done = await prove(await begin(phone), 'sms-code', async () => ({
  code: (await messageTo(phone, /sign-in code/)).code,
}))
show(done)
