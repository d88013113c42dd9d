import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ceremony, SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import type { Reply } from '../support/client.ts'
import { server } from '../support/fixture.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod } from '../support/users.ts'

// Each is an answer that a real authenticator and browser would not give (WebAuthn Level 3 §7).
const forgeries: Record<string, Ceremony> = {
  'from another origin': { origin: 'https://evil.example' },
  'from a sister port': { origin: 'http://localhost:1' },
  'for another rp id': { rpId: 'evil.example' },
  'of the other ceremony': { type: 'webauthn.create' },
  'without presence': { userPresent: false },
  'now said to be backed up': { backupEligible: true, backedUp: true },
  'backed up without being eligible': { backedUp: true },
  'for another user': { userHandle: 'YWNjXzAw' },
}

for (const [what, ceremony] of Object.entries(forgeries)) {
  test(`an assertion ${what} is refused`, async (t) => {
    const app = await server(t)
    const user = await app.user()
    const key = new SoftwareAuthenticator(app.url)
    await enrolMethod(app, user.accessToken, 'passkey', (options) => key.register(options))
    const attempt = await beginAttempt(app, { purpose: 'sign-in' })
    const options = await beginMethod(app, attempt.id, 'passkey')
    const reply = await answerMethod(app, attempt.id, 'passkey', key.authenticate(options, ceremony))
    assert.deepEqual([reply.status, reply.body.code], [400, 'answer_refused'])
    // Its one try is used up: the challenge cannot be answered again, rightly or wrongly.
    const again = await answerMethod(app, attempt.id, 'passkey', key.authenticate(options))
    assert.equal(again.body.code, 'challenge_not_open')
  })
}

test('a challenge is answered once, in time, in its own attempt, and only the newest one', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const key = new SoftwareAuthenticator(app.url)
  await enrolMethod(app, user.accessToken, 'passkey', (options) => key.register(options))
  const code = ({ status, body }: Reply) => (status === 200 ? 'ok' : body.code)
  const [one, two] = [
    await beginAttempt(app, { purpose: 'sign-in' }),
    await beginAttempt(app, { purpose: 'sign-in' }),
  ]
  const first = await beginMethod(app, one.id, 'passkey')
  await beginMethod(app, two.id, 'passkey')
  assert.equal(code(await answerMethod(app, two.id, 'passkey', key.authenticate(first))), 'answer_refused')
  const second = await beginMethod(app, one.id, 'passkey')
  assert.equal(code(await answerMethod(app, one.id, 'passkey', key.authenticate(first))), 'answer_refused')
  await beginMethod(app, one.id, 'passkey')
  assert.equal(code(await answerMethod(app, one.id, 'passkey', key.authenticate(second))), 'answer_refused')
  const third = await beginMethod(app, one.id, 'passkey')
  app.clock.advance(301_000)
  assert.equal(
    code(await answerMethod(app, one.id, 'passkey', key.authenticate(third))),
    'challenge_not_open',
  )
  const fourth = await beginMethod(app, one.id, 'passkey')
  assert.equal(code(await answerMethod(app, one.id, 'passkey', key.authenticate(fourth))), 'ok')
})

test("another account's key is refused, before or after the first factor", async (t) => {
  const app = await server(t)
  const [kim, lee] = [await app.user(), await app.user()]
  const key = new SoftwareAuthenticator(app.url)
  await enrolMethod(app, lee.accessToken, 'passkey', (options) => key.register(options))
  const hinted = await beginAttempt(app, { purpose: 'sign-in', login_hint: kim.email })
  const options = await beginMethod(app, hinted.id, 'passkey')
  assert.equal((await answerMethod(app, hinted.id, 'passkey', key.authenticate(options))).status, 400)
  const proved = await beginAttempt(app, { purpose: 'sign-in', login_hint: kim.email, acr: 'aal2' })
  assert.equal(
    (await answerMethod(app, proved.id, 'password', { password: kim.password })).body.status,
    'more',
  )
  const further = await beginMethod(app, proved.id, 'passkey')
  assert.equal((await answerMethod(app, proved.id, 'passkey', key.authenticate(further))).status, 400)
})

test('a registration of another ceremony, or malformed in any way, is refused, never with a 500', async (t) => {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const begin = async () => (await app.post('/v1/me/credentials/passkey', { json: {}, token })).body.challenge
  const answer = (json: unknown) => app.post('/v1/me/credentials/passkey/answer', { json, token })
  const key = new SoftwareAuthenticator(app.url)
  for (const ceremony of [
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { type: 'webauthn.get' },
    { userPresent: false },
  ]) {
    assert.equal((await answer(key.register(await begin(), ceremony))).status, 422, JSON.stringify(ceremony))
  }
  assert.equal(
    (await answer(new SoftwareAuthenticator(app.url, {}, -65535).register(await begin()))).status,
    422,
    'an algorithm that was not offered',
  )
  const good = key.register(await begin())
  const attestations = [
    '',
    'AA',
    Buffer.from('not cbor at all').toString('base64url'),
    Buffer.alloc(4000, 0x9f).toString('base64url'),
    `${good.response.attestationObject}AAAA`,
  ]
  for (const attestationObject of attestations) {
    const reply = await answer({
      ...key.register(await begin()),
      response: { ...good.response, attestationObject },
    })
    assert.equal(reply.status, 422, attestationObject.slice(0, 20))
  }
  const other = { ...key.register(await begin()), id: 'AAAA' }
  assert.equal((await answer(other)).status, 422, 'id and rawId differ')
  const huge = { ...good, response: { ...good.response, attestationObject: 'A'.repeat(1_000_000) } }
  assert.equal((await answer(huge)).status, 413)
  const long = { ...good, response: { ...good.response, attestationObject: 'A'.repeat(50_000) } }
  assert.equal((await answer(long)).status, 400)
  assert.equal((await app.get('/v1/me/credentials', { token })).body.credentials.length, 1)
})
