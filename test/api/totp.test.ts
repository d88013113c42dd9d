import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { clockStandingStill, server } from '../support/fixture.ts'
import { answerMethod, authenticatorApp, beginAttempt, enrolMethod, enrolTotp } from '../support/users.ts'

for (const engine of engines) {
  test(`${engine.name}: /login with a password and a code of the app makes aal2, and a code works once`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await enrolTotp(app, user.accessToken)
    const login = (code?: string) =>
      app.post('/login', { json: { username: user.email, password: user.password, code } })
    const without = await login()
    assert.deepEqual(
      [without.status, without.body.code, without.body.offers],
      [403, 'more_evidence_required', [{ method: 'totp' }]],
    )
    const code = phone.codeAt(app.clock.now())
    const replies = await Promise.all(Array.from({ length: 50 }, () => login(code)))
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    const claims = decodeJwt(replies.find(({ status }) => status === 200)?.body.access_token)
    assert.equal(claims.acr, 'aal2')
    assert.deepEqual(claims.amr, ['pwd', 'otp', 'mfa'])
    app.clock.advance(3_600_000) // past what forty-nine failures cost
    assert.equal((await login(phone.codeAt(app.clock.now()))).status, 200)
    assert.equal((await login(phone.codeAt(app.clock.now()))).status, 400)
  })

  test(`${engine.name}: an attempt that /login could not finish continues with the code`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await enrolTotp(app, user.accessToken)
    const { body } = await app.post('/login', { json: { username: user.email, password: user.password } })
    const done = await answerMethod(app, body.attempt, 'totp', { code: phone.codeAt(app.clock.now()) })
    assert.deepEqual([done.status, done.body.status], [200, 'done'])
    assert.equal(decodeJwt(done.body.access_token).acr, 'aal2')
  })
}

test('an account may have several authenticator apps, each with its own codes', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const [first, second] = [await enrolTotp(app, user.accessToken), await enrolTotp(app, user.accessToken)]
  for (const phone of [first, second, first]) {
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    const answer = await answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) })
    assert.equal(answer.body.status, 'more')
    app.clock.advance(30_000)
  }
  const { body } = await app.get('/v1/me/credentials', { token: user.accessToken })
  assert.equal(body.credentials.filter(({ method }: { method: string }) => method === 'totp').length, 2)
  assert.ok(!JSON.stringify(body).includes(first.secret), 'the secret is never shown again')
})

test('an app is enrolled with a correct first code only, and its QR code is an SVG without script', async (t) => {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const { body } = await app.post('/v1/me/credentials/totp', { json: {}, token })
  assert.match(body.challenge.qr_svg, /^<svg [^>]*>/)
  assert.doesNotMatch(body.challenge.qr_svg, /script|onload/i)
  assert.ok(body.challenge.uri.includes(body.challenge.secret))
  const wrong = await app.post('/v1/me/credentials/totp/answer', { json: { code: '000000' }, token })
  assert.deepEqual(
    [wrong.status, wrong.body.code, wrong.body.errors[0].field],
    [422, 'enrolment_refused', '/code'],
  )
  const code = authenticatorApp(body.challenge.secret).codeAt(app.clock.now())
  assert.equal((await app.post('/v1/me/credentials/totp/answer', { json: { code }, token })).status, 201)
  assert.equal(
    (await app.post('/v1/me/credentials/totp/answer', { json: { code }, token })).body.code,
    'challenge_not_open',
  )
})

test('algorithm and length follow the settings; existing apps keep working', async (t) => {
  const environment: Record<string, string> = {}
  const before = await server(t)
  const user = await before.user()
  const phone = await enrolTotp(before, user.accessToken)
  await before.stop()
  Object.assign(environment, before.environment)
  const app = await server(t, {
    environment,
    clock: before.clock,
    settings: { SUMUN_TOTP_ALGORITHM: 'SHA512', SUMUN_TOTP_DIGITS: '8' },
  })
  const login = await app.post('/login', {
    json: { username: user.email, password: goodPassword, code: phone.codeAt(app.clock.now()) },
  })
  assert.equal(login.status, 200)
  await enrolMethod(app, login.body.access_token, 'totp', ({ secret, uri }) => {
    assert.equal(new URL(uri).searchParams.get('algorithm'), 'SHA512')
    return { code: authenticatorApp(secret, { algorithm: 'SHA512', digits: 8 }).codeAt(app.clock.now()) }
  })
})

test('the strict policy accepts the current time step only', async (t) => {
  const app = await server(t, { clock: clockStandingStill(), settings: { SUMUN_POLICY: 'asvs-l3' } })
  const user = await app.user()
  const phone = await enrolTotp(app, user.accessToken)
  const login = (code: string) =>
    app.post('/login', { json: { username: user.email, password: user.password, code } })
  app.clock.advance(30_000)
  assert.equal((await login(phone.codeAt(app.clock.now() - 30_000))).status, 400)
  app.clock.advance(10_000)
  assert.equal((await login(phone.codeAt(app.clock.now()))).status, 200)
})
