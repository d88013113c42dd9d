import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod, enrolTotp } from '../support/users.ts'

// NIST SP 800-63B-4 §3.2.2: at most a hundred wrong answers in a row for an authenticator.
async function guessFromEverywhere(
  tries: number,
  guess: (headers: Record<string, string>, i: number) => Promise<number>,
): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < tries; i++)
    statuses.push(await guess({ 'x-forwarded-for': `198.51.${100 + Math.floor(i / 250)}.${i % 250}` }, i))
  return statuses
}

for (const engine of engines) {
  test(`${engine.name}: a hundred wrong codes disable the app until another method re-enables it`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_TRUST_PROXY: '1' } })
    const user = await verifiedUser(app)
    const phone = await enrolTotp(app, user.accessToken)
    const guess = async (headers: Record<string, string>, code: string) => {
      const { body } = await app.post('/v1/attempts', {
        json: { purpose: 'sign-in', login_hint: user.email },
        headers,
      })
      return (await app.post(`/v1/attempts/${body.id}/totp/answer`, { json: { code }, headers })).status
    }
    let saved: string[] = []
    await enrolMethod(app, user.accessToken, 'recovery-code', (challenge) => {
      saved = challenge.codes
      return {}
    })
    const right = () => phone.codeAt(app.clock.now())
    const wrong = () => String((Number(right()) + 500_000) % 1_000_000).padStart(6, '0')
    assert.ok(
      (await guessFromEverywhere(99, (headers) => guess(headers, wrong()))).every((status) => status === 400),
    )
    app.clock.advance(30_000)
    assert.equal(
      await guess({ 'x-forwarded-for': '203.0.113.1' }, right()),
      200,
      'ninety-nine disable nothing, and a right one begins anew',
    )
    app.clock.advance(30_000)
    await guessFromEverywhere(100, (headers) => guess(headers, wrong()))
    assert.equal(await guess({ 'x-forwarded-for': '203.0.113.2' }, right()), 400)
    await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
      /turned off/.test(subject),
    )
    const listed = (await app.get('/v1/me/credentials', { token: user.accessToken })).body.credentials
    assert.deepEqual(
      listed.map(({ method, disabled }: { method: string; disabled: boolean }) => [method, disabled]),
      [
        ['password', false],
        ['totp', true],
        ['recovery-code', false],
      ],
    )
    // The second factor is still required: guessing does not remove it, and the password alone does not
    // re-enable it.
    const signIn = async (code?: string) =>
      (
        await app.post('/login', {
          json: { username: user.email, password: user.password, code },
          headers: { 'x-forwarded-for': '203.0.113.3' },
        })
      ).status
    assert.equal(await signIn(), 403)
    assert.equal(await signIn(right()), 403)
    // Another factor of the account does.
    assert.equal(await signIn(saved[0]), 200)
    app.clock.advance(3_600_000)
    assert.equal(await signIn(right()), 200)
    const kinds = (
      await app.running.engine.store.events.listFiltered({
        subject: null,
        kind: null,
        before: null,
        limit: 400,
      })
    ).map(({ kind }) => kind)
    assert.ok(kinds.includes('credential.disabled') && kinds.includes('credential.enabled'))
  })

  test(`${engine.name}: a password is disabled only if its owner can recover by mail`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_TRUST_PROXY: '1' } })
    const user = await verifiedUser(app)
    const login = async (password: string, headers = {}) =>
      (await app.post('/login', { json: { username: user.email, password }, headers })).status
    await guessFromEverywhere(100, (headers) => login('not the password at all', headers))
    assert.equal(await login(user.password, { 'x-forwarded-for': '203.0.113.9' }), 400)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    await beginMethod(app, attempt.id, 'email-code')
    const { code } = await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
      /sign-in code/.test(subject),
    )
    assert.equal((await answerMethod(app, attempt.id, 'email-code', { code })).body.status, 'done')
    assert.equal(await login(user.password, { 'x-forwarded-for': '203.0.113.11' }), 200)
  })

  test(`${engine.name}: guesses of strangers do not block the right password at a known place`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_TRUST_PROXY: '1' } })
    const user = await verifiedUser(app)
    const login = async (password: string, headers = {}) =>
      (await app.post('/login', { json: { username: user.email, password }, headers })).status
    const home = { 'x-forwarded-for': '203.0.113.9' }
    assert.equal(await login(user.password, home), 200)
    await guessFromEverywhere(101, (headers) => login('not the password at all', headers))
    assert.equal(
      await login(user.password, { 'x-forwarded-for': '203.0.113.10' }),
      400,
      'a new place has to come in otherwise',
    )
    assert.equal(await login(user.password, home), 200)
    assert.equal(
      await login(user.password, { 'x-forwarded-for': '203.0.113.11' }),
      200,
      'and brings it back for all',
    )
  })
}

test('without another method the app is not disabled, but guesses are limited, except at a known place', async (t) => {
  const app = await server(t, { settings: { SUMUN_TRUST_PROXY: '1' } })
  const user = await app.user()
  const phone = await enrolTotp(app, user.accessToken)
  const login = async (code: string, source: string) =>
    (
      await app.post('/login', {
        json: { username: user.email, password: user.password, code },
        headers: { 'x-forwarded-for': source },
      })
    ).status
  const right = () => phone.codeAt(app.clock.now())
  assert.equal(await login(right(), '203.0.113.1'), 200)
  await guessFromEverywhere(110, (headers) => login('000000', headers['x-forwarded-for'] as string))
  app.clock.advance(30_000)
  assert.equal(await login(right(), '203.0.113.2'), 400, 'a stranger, also with the right code')
  app.clock.advance(30_000)
  assert.equal(await login(right(), '203.0.113.1'), 200, 'where it was proved before')
  app.clock.advance(3_600_000)
  assert.equal(await login(right(), '203.0.113.4'), 200, 'and from elsewhere, after a while')
})

test('a sent code has five tries, also concurrently', async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
  await beginMethod(app, attempt.id, 'email-code')
  const { code } = await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
    /sign-in code/.test(subject),
  )
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  const replies = await Promise.all(
    Array.from({ length: 30 }, () => answerMethod(app, attempt.id, 'email-code', { code: wrong })),
  )
  assert.ok(replies.filter(({ body }) => body.code === 'answer_refused').length <= 5)
  app.clock.advance(120_000)
  const last = await answerMethod(app, attempt.id, 'email-code', { code })
  assert.equal(last.body.code, 'challenge_not_open')
})
