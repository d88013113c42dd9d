import { begin, call, prove, setUp, show, signUp } from './client.ts'

// A key for a program: sent with each request, or exchanged for a session.
const { token } = await signUp()
const { notes } = await setUp('api-key', token, () => ({ name: 'nightly backup', expires_in_days: 30 }))
console.log((await call('/protected', undefined, notes.key)).message)
show(await prove(await begin(), 'api-key', () => ({ key: notes.key })))
