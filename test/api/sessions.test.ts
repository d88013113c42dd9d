import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { setAccountState } from '../../src/engine/accounts/manage-account.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'

// Where an account is signed in, and how that ends.
const signIn = async (
  app: TestServer,
  { email, password }: { email: string; password: string },
  agent = 'test',
) => {
  const reply = await app.post('/login', {
    json: { username: email, password },
    headers: { 'user-agent': agent },
  })
  assert.equal(reply.status, 200)
  return reply.body as { access_token: string; refresh_token: string }
}

for (const engine of engines) {
  test(`${engine.name}: sessions are listed; one is ended, then all others`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await signIn(app, user, 'phone')
    const tablet = await signIn(app, user, 'tablet')
    const { body } = await app.get('/v1/me/sessions', { token: user.accessToken })
    assert.equal(body.sessions.length, 3)
    assert.deepEqual(body.sessions.map(({ current }: { current: boolean }) => current).filter(Boolean), [
      true,
    ])
    const { id } = body.sessions.find((session: { user_agent: string }) => session.user_agent === 'phone')
    assert.equal((await app.call('DELETE', `/v1/me/sessions/${id}`, { token: user.accessToken })).status, 204)
    assert.equal((await app.get('/protected', { token: phone.access_token })).status, 401)
    assert.equal((await app.post('/refresh', { json: { refresh_token: phone.refresh_token } })).status, 401)
    assert.equal((await app.get('/protected', { token: tablet.access_token })).status, 200)
    assert.equal((await app.call('DELETE', '/v1/me/sessions', { token: user.accessToken })).status, 204)
    assert.equal((await app.get('/protected', { token: tablet.access_token })).status, 401)
    assert.equal((await app.get('/protected', { token: user.accessToken })).status, 200)
  })

  test(`${engine.name}: a session ended on one node is refused by the other within a second`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const other = await server(t, {
      environment: app.environment,
      clock: app.clock,
      settings: { SUMUN_ISSUER: app.url },
    })
    const { accessToken, refreshToken, accountId } = await app.user()
    assert.equal((await other.get('/protected', { token: accessToken })).status, 200)
    assert.equal((await app.post('/logout', { json: { refresh_token: refreshToken } })).status, 204)
    assert.equal((await app.get('/protected', { token: accessToken })).status, 401)
    await wait(1000)
    assert.equal((await other.get('/protected', { token: accessToken })).status, 401)
    assert.equal((await other.get('/v1/me', { token: accessToken })).status, 401)
    assert.match(accountId, /^acc_/)
  })

  test(`${engine.name}: disabling an account ends its sessions at once; enabling lets it sign in again`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const id = user.accountId as `acc_${string}`
    await setAccountState(app.running.engine, { id, state: 'disabled', actor: 'cli' })
    assert.equal((await app.get('/protected', { token: user.accessToken })).status, 401)
    assert.equal((await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 401)
    const wrong = await app.post('/login', { json: { username: user.email, password: 'not the right one' } })
    assert.equal(wrong.body.code, 'incorrect_credentials') // only its owner is told
    const right = await app.post('/login', { json: { username: user.email, password: user.password } })
    assert.equal(right.status, 403)
    assert.equal(right.body.code, 'account_disabled')
    await setAccountState(app.running.engine, { id, state: 'active', actor: 'cli' })
    await signIn(app, user)
    // what was ended stays ended
    assert.equal((await app.get('/protected', { token: user.accessToken })).status, 401)
  })
}

test("another account's session is not found, like one that does not exist", async (t) => {
  const app = await server(t)
  const [kim, lee] = [await app.user(), await app.user()]
  const { body } = await app.get('/v1/me/sessions', { token: lee.accessToken })
  for (const id of [body.sessions[0].id, 'ses_00000000000000000000000000']) {
    const reply = await app.call('DELETE', `/v1/me/sessions/${id}`, { token: kim.accessToken })
    assert.equal(reply.status, 404)
    assert.equal(reply.body.code, 'not_found')
  }
  assert.equal((await app.get('/protected', { token: lee.accessToken })).status, 200)
})

test('signing out is 204, repeated and with any token', async (t) => {
  const app = await server(t)
  const { refreshToken } = await app.user()
  for (const json of [
    { refresh_token: refreshToken },
    { refresh_token: refreshToken },
    { refresh_token: 'nonsense' },
    {},
  ]) {
    assert.equal((await app.post('/logout', { json })).status, 204)
  }
  assert.equal((await app.post('/logout')).status, 204)
})

test('a browser’s session cookie is HttpOnly, and signs out', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  const reply = await app.post('/login', {
    json: { username: email, password },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  const cookie = reply.headers.getSetCookie().find((line) => line.includes('sumun_session')) ?? ''
  assert.match(cookie, /^sumun_session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
  const [pair = ''] = cookie.split(';')
  const elsewhere = await app.post('/logout', { headers: { cookie: pair, 'sec-fetch-site': 'cross-site' } })
  assert.equal(elsewhere.body.code, 'cross_site_request')
  assert.equal((await app.get('/protected', { token: reply.body.access_token })).status, 200)
  assert.equal(
    (
      await app.post('/logout', {
        headers: { cookie: `${pair.slice(0, -2)}xx`, 'sec-fetch-site': 'same-origin' },
      })
    ).status,
    204,
  )
  assert.equal((await app.get('/protected', { token: reply.body.access_token })).status, 200)
  const out = await app.post('/logout', { headers: { cookie: pair, 'sec-fetch-site': 'same-origin' } })
  assert.equal(out.status, 204)
  assert.match(out.headers.get('set-cookie') ?? '', /^sumun_session=; Max-Age=0/)
  assert.equal((await app.get('/protected', { token: reply.body.access_token })).status, 401)
})

test('on https the cookie has the prefix __Host- and is Secure', async (t) => {
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  const { email, password } = await app.user()
  const reply = await app.post('/login', { json: { username: email, password } })
  assert.match(
    reply.headers.get('set-cookie') ?? '',
    /^__Host-sumun_session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
})

test('a cross-site form sets no session cookie (login CSRF)', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
  ]) {
    const reply = await app.post('/login', {
      form: { username: email, password },
      headers: headers as Record<string, string>,
    })
    assert.equal(reply.headers.get('set-cookie'), null)
  }
})
