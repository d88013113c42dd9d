import { begin, password, prove, show, signUp } from './client.ts'

// Something known: one factor, aal1.
const { email } = await signUp()
const attempt = await begin(email)
show(await prove(attempt, 'password', () => ({ password })))
