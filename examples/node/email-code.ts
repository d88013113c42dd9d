import { begin, prove, show, signUp } from './client.ts'
import { messageTo } from './outbox.ts'

// A code by mail. Where no mail server is set, mails are files in the data folder: `npx node
// examples/node/email-code.ts URL DATA`.
const { email } = await signUp()
const done = await prove(await begin(email), 'email-code', async ({ sent_to }) => {
  console.log('sent to', sent_to)
  return { code: (await messageTo(email, /sign-in code/)).code }
})
show(done)
