import { begin, prove, show, signUp } from './client.ts'
import { messageTo } from './outbox.ts'

// A link by mail. Opening its page does not use it up; a program answers with its token.
const { email } = await signUp()
const done = await prove(await begin(email), 'email-link', async ({ number }) => {
  console.log('opened on another device, it asks for the number', number)
  return { token: (await messageTo(email, /sign-in link/)).link?.searchParams.get('token') }
})
show(done)
