import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { offerFirstOperator } from '../../src/engine/sign-up/first-operator.ts'
import { issueTicket } from '../../src/engine/tickets/issue-ticket.ts'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod } from '../support/users.ts'

// Who may create an account, with which identifiers and passwords.
for (const engine of engines) {
  test(`${engine.name}: a name is taken in every equivalent spelling, and by confusable names`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    await app.user({ email: 'kim@example.com', username: 'paypal' })
    const taken = ['paypal', 'PayPal', 'ｐａｙｐａｌ', 'pаypal', 'paypa1', 'PAYPAI']
    for (const username of taken) {
      const reply = await app.post('/v1/accounts', { json: { username, password: goodPassword } })
      assert.equal(reply.status, 409, username)
      assert.equal(reply.body.code, 'identifier_taken')
    }
    const mail = await app.post('/v1/accounts', {
      json: { email: 'KIM@EXAMPLE.com', password: goodPassword },
    })
    assert.equal(mail.status, 409)
    for (const email of ['kim+1@example.com', 'k.im@example.com']) {
      assert.equal(
        (await app.post('/v1/accounts', { json: { email, password: goodPassword } })).status,
        201,
        email,
      )
    }
  })

  test(`${engine.name}: of fifty concurrent sign-ups with one name, one succeeds`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        app.post('/v1/accounts', { json: { username: 'minji', password: goodPassword } }),
      ),
    )
    const statuses = replies.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [201, ...Array(49).fill(409)])
  })

  test(`${engine.name}: an invitation creates one account, also in parallel`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'invite' } })
    assert.equal(
      (await app.post('/v1/accounts', { json: { username: 'minji', password: goodPassword } })).body.code,
      'invitation_required',
    )
    const ticket = await issueTicket(app.running.engine, {
      purpose: 'invitation',
      subject: null,
      lifetimeSeconds: 3600,
      actor: 'cli',
      replaces: false,
    })
    const invitation = ticket.reveal()
    const names = Array.from({ length: 20 }, (_, index) => `guest-${'abcdefghijklmnopqrst'[index]}`)
    const replies = await Promise.all(
      names.map((username) =>
        app.post('/v1/accounts', { json: { username, password: goodPassword, invitation } }),
      ),
    )
    assert.equal(replies.filter(({ status }) => status === 201).length, 1)
    assert.equal(replies.filter(({ body }) => body.code === 'invitation_required').length, 19)
  })

  test(`${engine.name}: the first-operator link creates the operator; signing up first does not`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'closed' } })
    assert.equal(
      (await app.post('/v1/accounts', { json: { username: 'eager', password: goodPassword } })).body.code,
      'sign_up_closed',
    )
    const older = await offerFirstOperator(app.running.engine)
    const link = await offerFirstOperator(app.running.engine)
    assert.ok(older && link)
    const invitationOf = (text: string) => new URL(text).searchParams.get('invitation') as string
    const stale = await app.post('/v1/accounts', {
      json: { username: 'late', password: goodPassword, invitation: invitationOf(older.reveal()) },
    })
    assert.equal(stale.body.code, 'invitation_required')
    const first = await app.post('/v1/accounts', {
      json: { username: 'minji', password: goodPassword, invitation: invitationOf(link.reveal()) },
    })
    assert.equal(first.status, 201)
    assert.equal(first.body.account.role, 'operator')
    const again = await app.post('/v1/accounts', {
      json: { username: 'second', password: goodPassword, invitation: invitationOf(link.reveal()) },
    })
    assert.equal(again.body.code, 'invitation_required')
    assert.equal(await offerFirstOperator(app.running.engine), undefined)
    const admin = await app.post('/login', {
      json: { username: 'minji', password: goodPassword, scope: 'account admin' },
    })
    // the role needs two factors; one is enough to sign in and enrol another
    assert.equal(admin.body.scope, 'account')
  })
}

test('with open sign-up, the first account is a member too', async (t) => {
  const app = await server(t)
  const { accessToken } = await app.user()
  assert.equal((await app.get('/v1/me', { token: accessToken })).body.role, 'member')
})

test('every invalid field is reported, in the caller’s language', async (t) => {
  const app = await server(t)
  const json = { email: 'no mailbox', username: '12345', phone: '+82 12', password: goodPassword }
  const faults: Record<string, string> = {
    '/email': 'malformed',
    '/username': 'needs_a_letter',
    '/phone': 'malformed',
  }
  for (const [language, sample] of [
    ['ko-KR,en;q=0.5', '전화번호'],
    ['ja', '電話番号'],
    ['it', 'phone number'],
  ] as const) {
    const { status, body } = await app.post('/v1/accounts', {
      json,
      headers: { 'accept-language': language },
    })
    assert.equal(status, 400)
    assert.equal(body.code, 'invalid_fields')
    assert.deepEqual(
      Object.fromEntries(
        body.errors.map((error: { field: string; code: string }) => [error.field, error.code]),
      ),
      faults,
    )
    assert.ok(
      body.errors.some(({ message }: { message: string }) => message.includes(sample)),
      JSON.stringify(body.errors),
    )
  }
})

test('hidden characters, confusable mail domains and malformed addresses are refused', async (t) => {
  const app = await server(t)
  const refused = [
    { username: 'min\u200bji' },
    { username: 'minji\u202e' },
    { username: 'min ji' },
    { username: 'minji@home' },
    { username: 'a'.repeat(65) },
    { email: 'a@b@example.com' },
    { email: '"two words"@example.com' },
    { email: 'a@example.com\nbcc:b@example.com' },
    { email: 'a@localhost' },
    { email: 'a@exa\u200bmple.com\u202e' },
    { email: '.a@example.com' },
    { email: `${'a'.repeat(65)}@example.com` },
    { email: 'a@-example.com' },
    { phone: '+1' },
    { phone: '+999999999999999999999' },
    { phone: 'call me' },
    {},
  ]
  for (const names of refused) {
    const { status, body } = await app.post('/v1/accounts', { json: { ...names, password: goodPassword } })
    assert.equal(status, 400, JSON.stringify(names))
    assert.equal(body.code, 'invalid_fields', JSON.stringify(names))
  }
})

test('an internationalised mail domain is one domain in both spellings', async (t) => {
  const app = await server(t)
  await app.user({ email: 'kim@예시.한국' })
  assert.equal(
    (
      await app.post('/v1/accounts', {
        json: { email: 'kim@xn--vv4b11d.xn--3e0b707e', password: goodPassword },
      })
    ).status,
    409,
  )
})

test('a phone number without + is read in the country of the deployment', async (t) => {
  const app = await server(t, { settings: { SUMUN_PHONE_COUNTRY: 'KR' } })
  const reply = await app.post('/v1/accounts', { json: { phone: '010-1234-5678', password: goodPassword } })
  assert.equal(reply.body.account.phone, '+821012345678')
  assert.equal(
    (await app.post('/login', { json: { username: '01012345678', password: goodPassword } })).status,
    200,
  )
})

test('an account cannot be given a role, a state or an id by signing up', async (t) => {
  const app = await server(t)
  for (const extra of [
    { role: 'operator' },
    { state: 'active' },
    { id: 'acc_00000000000000000000000000' },
    { email_verified: true },
  ]) {
    const { status, body } = await app.post('/v1/accounts', {
      json: { username: 'minji', password: goodPassword, ...extra },
    })
    assert.equal(status, 400)
    assert.equal(body.errors[0].field, `/${Object.keys(extra)[0]}`)
  }
})

for (const engine of engines) {
  test(`${engine.name}: an account without a password begins with its address, enrols a passkey, and signs in by either`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const created = await app.post('/v1/accounts', { json: { email: 'minji@example.com', name: 'Minji' } })
    assert.equal(created.status, 201, JSON.stringify(created.body))
    const token = created.body.access_token
    assert.deepEqual([decodeJwt(token).acr, decodeJwt(token).amr], ['aal1', []])
    const key = new SoftwareAuthenticator(app.url)
    await enrolMethod(app, token, 'passkey', (options) => key.register(options))
    const attempt = await beginAttempt(app, { purpose: 'sign-in' })
    const options = await beginMethod(app, attempt.id, 'passkey')
    const done = await answerMethod(app, attempt.id, 'passkey', key.authenticate(options))
    assert.equal(decodeJwt(done.body.access_token).sub, created.body.account.id)
    assert.equal(
      (await app.post('/login', { json: { username: 'minji@example.com', password: 'whatever it may be' } }))
        .status,
      400,
    )
  })
}

test('without a password a username is not enough, and the first session enrols while it is recent', async (t) => {
  const app = await server(t)
  const refused = await app.post('/v1/accounts', { json: { username: 'minji' } })
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.errors[0].code],
    [400, 'invalid_fields', 'one_required'],
  )
  const { body } = await app.post('/v1/accounts', { json: { email: 'minji@example.com' } })
  app.clock.advance(601_000)
  assert.equal(
    (await app.post('/v1/me/credentials/totp', { json: {}, token: body.access_token })).body.code,
    'insufficient_user_authentication',
  )
})
