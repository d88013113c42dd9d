import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ceremony, SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { answerMethod, beginAttempt, beginMethod } from '../support/users.ts'

// What browsers and their helpers send beside what the specification names.
// biome-ignore lint/suspicious/noExplicitAny: an answer as it goes out
type Change = (answer: any) => any
const variants: Readonly<Record<string, { change?: Change; clientData?: Ceremony['clientData'] }>> = {
  'no transports': {
    change: (answer) => ({ ...answer, response: { ...answer.response, transports: null } }),
  },
  'no extension results': { change: (answer) => ({ ...answer, clientExtensionResults: null }) },
  'extension results left out': { change: ({ clientExtensionResults: _, ...answer }) => answer },
  'no attachment': { change: (answer) => ({ ...answer, authenticatorAttachment: null }) },
  'a member of tomorrow': { change: (answer) => ({ ...answer, credentialFuture: { some: ['thing'] } }) },
  'a member of tomorrow inside': {
    change: (answer) => ({ ...answer, response: { ...answer.response, publicKeyAlgorithm: -7, future: 1 } }),
  },
  'token binding is not supported': { clientData: { tokenBinding: { status: 'not-supported' } } },
  'token binding of an older draft': { clientData: { tokenBinding: { status: 'supported' } } },
  'a hint not to compare by template': {
    clientData: { other_keys_can_be_added_here: 'do not compare clientDataJSON against a template' },
  },
}

for (const engine of engines)
  test(`${engine.name}: a passkey works with members that browsers add or omit`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    for (const [what, { change = (answer: unknown) => answer, clientData = {} }] of Object.entries(
      variants,
    )) {
      const { accessToken: token } = await app.user()
      const key = new SoftwareAuthenticator(app.url)
      const begun = await app.post('/v1/me/credentials/passkey', { json: {}, token })
      const json = change(key.register(begun.body.challenge, { clientData }))
      const enrolled = await app.post('/v1/me/credentials/passkey/answer', { json, token })
      assert.equal(enrolled.status, 201, `${what}: ${JSON.stringify(enrolled.body)}`)
      const attempt = await beginAttempt(app, { purpose: 'sign-in' })
      const options = await beginMethod(app, attempt.id, 'passkey')
      const reply = await answerMethod(
        app,
        attempt.id,
        'passkey',
        change(key.authenticate(options, { clientData })),
      )
      assert.equal(reply.body.status, 'done', `${what}: ${JSON.stringify(reply.body)}`)
    }
  })
