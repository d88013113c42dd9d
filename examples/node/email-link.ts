import { begin, prove, show, signUp } from './client.ts'
import { messageTo } from './outbox.ts'

// A link by mail. Its page spends nothing until a button is pressed; a program answers with the token in it.
const { email } = await signUp()
const done = await prove(await begin(email), 'email-link', async ({ number }) => {
  console.log('opened on another device, it asks for the number', number)
  return { token: (await messageTo(email, /sign-in link/)).link?.searchParams.get('token') }
})
show(done)
