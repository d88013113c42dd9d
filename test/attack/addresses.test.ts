import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { allSent, messagesTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { beginAttempt, beginMethod } from '../support/users.ts'

for (const engine of engines) {
  test(`${engine.name}: a confusable address finds no account, and mail goes only to the stored address`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const folder = app.environment.SUMUN_DATA as string
    const user = await verifiedUser(app)
    const local = user.email.split('@')[0] as string
    const before = (await messagesTo(folder, user.email)).length
    const lookAlikes = [
      `${local}@exampłe.com`,
      `${local}@еxample.com`,
      `ı${local}@example.com`,
      `${local}@example.com.evil.example`,
      `${local}\u200b@example.com`,
      `"${local}"@example.com`,
    ]
    for (const hint of lookAlikes) {
      const attempt = await beginAttempt(app, { purpose: 'recover', login_hint: hint })
      await beginMethod(app, attempt.id, 'email-code')
    }
    // Full-width letters and capitals are the same address: the mail goes to the stored address, not to the
    // one of the request.
    const dressed = [...user.email]
      .map((char) =>
        /[a-z]/.test(char) ? String.fromCodePoint((char.codePointAt(0) as number) + 0xfee0) : char,
      )
      .join('')
    for (const hint of [dressed.replace(/@.*/, '@example.com'), user.email.toUpperCase()]) {
      const attempt = await beginAttempt(app, { purpose: 'recover', login_hint: hint })
      await beginMethod(app, attempt.id, 'email-code')
    }
    await allSent(app)
    assert.equal((await messagesTo(folder, user.email)).length, before + 2)
    for (const hint of lookAlikes) assert.deepEqual(await messagesTo(folder, hint), [])
  })
}

test('addresses with two recipients or header injection are refused', async (t) => {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const hostile = [
    'a@example.com,b@evil.example',
    'a@example.com\r\nBcc: b@evil.example',
    'a@example.com b@evil.example',
    '<a@example.com>',
    'a@[127.0.0.1]',
    'a@localhost',
    'a@@example.com',
    '.a@example.com',
  ]
  for (const value of hostile) {
    const reply = await app.post('/v1/me/identifiers/email', { json: { value }, token })
    assert.deepEqual([reply.status, reply.body.code], [400, 'invalid_fields'], value)
  }
  for (const json of [
    { value: ['a@example.com', 'b@evil.example'] },
    { value: { email: 'a@example.com' } },
    { value: null },
    { value: 'a@example.com', to: 'b@evil.example' },
  ]) {
    assert.equal((await app.post('/v1/me/identifiers/email', { json, token })).status, 400)
  }
  const twice = await app.post('/v1/me/identifiers/email', {
    raw: '{"value":"a@example.com","value":"b@evil.example"}',
    token,
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(twice.status, 400)
})
