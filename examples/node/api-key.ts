import { call, setUp, signUp } from './client.ts'

// A key for a program: sent with each request, or exchanged for a short token that other services check by
// themselves.
const { token } = await signUp()
const { notes } = await setUp('api-key', token, () => ({ name: 'nightly backup', expires_in_days: 30 }))
console.log((await call('/protected', undefined, notes.key)).message)
const exchanged = await call('/v1/me/token', {}, notes.key)
console.log(`a token of ${exchanged.expires_in} seconds: ${exchanged.scope}`)
