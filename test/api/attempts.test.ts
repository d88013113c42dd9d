import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { answerMethod, beginAttempt, enrolMethod, enrolTotp, openBrowser } from '../support/users.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: an attempt reports its state and reasons to its holder`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    await enrolTotp(app, user.accessToken)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    assert.deepEqual([attempt.body.status, attempt.body.decision], ['open', null])
    assert.ok(Date.parse(attempt.body.expires_at) - app.clock.now() > 590_000)
    await answerMethod(app, attempt.id, 'password', { password: user.password })
    const { body } = await app.get(`/v1/attempts/${attempt.id}`)
    assert.deepEqual([body.status, body.offers], ['more', [{ method: 'totp' }]])
    const reasons = body.decision.reasons.map(
      ({ rule, says }: { rule: string; says: string }) => `${says} ${rule}`,
    )
    assert.ok(
      reasons.includes('requires signIn.secondFactor') && reasons.includes('lacks evidence'),
      reasons.join(),
    )
    app.clock.advance(601_000)
    assert.equal((await app.get(`/v1/attempts/${attempt.id}`)).body.status, 'expired')
    assert.equal((await answerMethod(app, attempt.id, 'totp', { code: '123456' })).status, 410)
  })

  test(`${engine.name}: two concurrent proofs are both kept, and create one session`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await enrolTotp(app, user.accessToken)
    for (let round = 0; round < 5; round++) {
      const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
      const replies = await Promise.all([
        answerMethod(app, attempt.id, 'password', { password: user.password }),
        answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) }),
      ])
      assert.deepEqual(
        replies.map(({ body }) => body.status).sort(),
        ['done', 'more'],
        JSON.stringify(replies.map(({ body }) => body)),
      )
      app.clock.advance(30_000)
    }
  })

  test(`${engine.name}: a step-up raises its own session only, with new tokens`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const login = (await app.post('/login', { json: { username: user.email, password: user.password } })).body
    const phone = await enrolTotp(app, user.accessToken)
    app.clock.advance(700_000)
    const refused = await app.post('/v1/me/credentials/passkey', { json: {}, token: login.access_token })
    assert.match(
      refused.headers.get('www-authenticate') ?? '',
      /error="insufficient_user_authentication", acr_values="aal2", max_age="600"/,
    )
    const attempt = await beginAttempt(
      app,
      { purpose: 'step-up', acr: refused.body.acr_values },
      login.access_token,
    )
    assert.deepEqual(attempt.offers.sort(), ['password', 'totp'])
    assert.equal(
      (await answerMethod(app, attempt.id, 'password', { password: user.password })).body.status,
      'more',
    )
    const done = (await answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) })).body
    assert.equal(done.status, 'done', JSON.stringify(done))
    const [before, after] = [decodeJwt(login.access_token), decodeJwt(done.access_token)]
    assert.deepEqual([after.sid, after.acr], [before.sid, 'aal2'])
    assert.ok((after.auth_time as number) > (before.auth_time as number))
    assert.equal(
      (await app.post('/v1/me/credentials/passkey', { json: {}, token: done.access_token })).status,
      200,
    )
    assert.equal((await app.post('/refresh', { json: { refresh_token: done.refresh_token } })).status, 200)
    const untouched = await app.post('/v1/me/credentials/passkey', { json: {}, token: user.accessToken })
    assert.equal(untouched.status, 401, 'another session of the account was not raised')
  })

  test(`${engine.name}: an ended session cannot be stepped up`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    app.clock.advance(700_000)
    const attempt = await beginAttempt(app, { purpose: 'step-up' }, user.accessToken)
    await app.post('/logout', { json: { refresh_token: user.refreshToken } })
    assert.equal((await answerMethod(app, attempt.id, 'password', { password: user.password })).status, 410)
  })
}

test('linking to an account needs its token, like a step-up', async (t) => {
  const app = await server(t)
  const user = await app.user()
  app.clock.advance(700_000)
  assert.equal((await app.post('/v1/attempts', { json: { purpose: 'link' } })).body.code, 'not_authenticated')
  const attempt = await beginAttempt(app, { purpose: 'link' }, user.accessToken)
  const done = await answerMethod(app, attempt.id, 'password', { password: user.password })
  assert.deepEqual(
    [done.body.status, decodeJwt(done.body.access_token).sid],
    ['done', decodeJwt(user.accessToken).sid],
  )
})

test('an anonymous user gets the same offers for every name, and for none', async (t) => {
  const app = await server(t)
  const plain = await app.user()
  const rich = await app.user()
  const key = new SoftwareAuthenticator(app.url)
  await enrolMethod(app, rich.accessToken, 'passkey', (options) => key.register(options))
  const seen = await Promise.all(
    [plain.email, rich.email, 'nobody@example.com', 'someone', '+821012345678', undefined].map(
      async (name) => {
        const { body } = await app.post('/v1/attempts', {
          json: { purpose: 'sign-in', ...(name !== undefined && { login_hint: name }) },
        })
        return JSON.stringify(body.offers)
      },
    ),
  )
  assert.equal(new Set(seen).size, 1, [...new Set(seen)].join('\n'))
})

test('an old token changes no credentials, and an API key never does', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const key = (await enrolMethod(app, user.accessToken, 'api-key', () => ({ name: 'cron' }))).body
  const calls = (token: string) =>
    Promise.all([
      app.post('/v1/me/credentials/totp', { json: {}, token }),
      app.post('/v1/me/credentials/api-key/answer', { json: { name: 'x' }, token }),
      app.call('DELETE', `/v1/me/credentials/${key.credential.id}`, { token }),
      app.post('/v1/me/identifiers/email', { json: { value: 'evil@example.com' }, token }),
      app.call('DELETE', '/v1/me/identifiers/email', { token }),
      app.call('DELETE', '/v1/me', { token }),
    ])
  for (const { status, body } of await calls(key.notes.key))
    assert.deepEqual([status, body.code], [401, 'insufficient_user_authentication'])
  app.clock.advance(601_000)
  for (const { status, body } of await calls(user.accessToken))
    assert.deepEqual([status, body.code], [401, 'insufficient_user_authentication'])
})

test('another site can neither begin nor continue an attempt of this browser', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = openBrowser(app)
  const { id } = (await browser.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })).body
  const from = { headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } }
  assert.equal(
    (await browser.post(`/v1/attempts/${id}/password/answer`, { password: user.password }, from)).status,
    404,
  )
  const planted = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
  assert.equal(
    (await browser.post(`/v1/attempts/${planted.id}/password/answer`, { password: user.password })).status,
    404,
    'begun by a program',
  )
  assert.equal(
    (await browser.post(`/v1/attempts/${id}/password/answer`, { password: user.password })).body.status,
    'done',
  )
})

test('a new session has a new cookie (session fixation)', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = openBrowser(app)
  const cookies: (string | undefined)[] = []
  for (let i = 0; i < 2; i++) {
    const { id } = (await browser.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })).body
    await browser.post(`/v1/attempts/${id}/password/answer`, { password: user.password })
    cookies.push(browser.cookies.get('sumun_session'))
    app.clock.advance(1000)
  }
  assert.equal(new Set(cookies).size, 2)
})

test('evidence of a removed credential does not count', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const phone = await enrolTotp(app, user.accessToken)
  const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
  assert.equal(
    (await answerMethod(app, attempt.id, 'password', { password: user.password })).body.status,
    'more',
  )
  const password = 'seventeen quiet lanterns'
  const change = { password, current_password: user.password }
  assert.equal(
    (await app.post('/v1/me/credentials/password/answer', { json: change, token: user.accessToken })).status,
    201,
  )
  assert.equal(
    (await answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) })).body.code,
    'attempt_over',
  )
})
