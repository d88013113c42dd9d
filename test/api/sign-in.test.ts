import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'

// The steps of the README: sign up, sign in, call a protected endpoint, verify the token in another service.
for (const engine of engines) {
  test(`${engine.name}: a new user signs up, signs in and calls a protected endpoint`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const signUp = await app.post('/v1/accounts', {
      json: { email: 'Minji@Example.com', password: goodPassword, name: '김민지', locale: 'ko' },
    })
    assert.equal(signUp.status, 201)
    assert.match(signUp.body.account.id, /^acc_/)
    assert.equal(signUp.body.account.email, 'minji@example.com')
    assert.equal(signUp.body.token_type, 'bearer')
    assert.equal(signUp.body.notes.password.strength.score, 4)

    const signIn = await app.post('/login', {
      json: { username: 'minji@example.com', password: goodPassword },
    })
    assert.equal(signIn.status, 200)
    assert.deepEqual(Object.keys(signIn.body).sort(), [
      'access_token',
      'expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ])
    assert.equal(signIn.body.expires_in, 1800)
    const reply = await app.get('/protected', { token: signIn.body.access_token })
    assert.equal(reply.status, 200)
    assert.deepEqual(reply.body, { message: 'Success' })
  })

  test(`${engine.name}: the OAuth 2 password form signs in like JSON`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine })
    const { email, password } = await app.user()
    const reply = await app.post('/login', {
      form: {
        grant_type: 'password',
        username: email,
        password,
        scope: '',
        client_id: '',
        client_secret: '',
      },
    })
    assert.equal(reply.status, 200)
    assert.equal((await app.get('/protected', { token: reply.body.access_token })).status, 200)
  })

  test(`${engine.name}: any identifier signs in, in any equivalent spelling`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const json = {
      email: 'straße@bücher.example',
      username: 'Münster',
      phone: '+82 10-1234-5678',
      password: goodPassword,
    }
    assert.equal((await app.post('/v1/accounts', { json })).status, 201)
    for (const username of [
      'STRASSE@BÜCHER.example',
      'straße@xn--bcher-kva.example',
      'münster',
      'MU\u0308NSTER',
      '+821012345678',
      '+82 (10) 1234 5678',
    ]) {
      const reply = await app.post('/login', { json: { username, password: goodPassword } })
      const expected = username.startsWith('STRASSE') ? 400 : 200 // ß and SS are two mailboxes
      assert.equal(reply.status, expected, username)
    }
  })
}

test('another service verifies a token with the published keys alone', async (t) => {
  const app = await server(t)
  const { accessToken, accountId } = await app.user()
  const keys = createRemoteJWKSet(new URL(`${app.url}/.well-known/jwks.json`))
  const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
    issuer: app.url,
    audience: app.url,
    typ: 'at+jwt',
  })
  assert.equal(protectedHeader.alg, 'ES256')
  assert.equal(payload.sub, accountId)
  const { auth_time: authTime, iat, exp, jti, sid, status, ...rest } = payload
  assert.deepEqual(rest, {
    iss: app.url,
    sub: accountId,
    aud: app.url,
    client_id: 'sumun',
    scope: 'account',
    acr: 'aal1',
    amr: ['pwd'],
  })
  assert.equal(typeof authTime, 'number')
  assert.equal(Number(exp) - Number(iat), 1800)
  assert.match(String(sid), /^ses_/)
  assert.deepEqual(status, { status_list: { idx: 0, uri: `${app.url}/oauth/status/s0` } })
  assert.ok(String(jti).length >= 20)
})

test('a wrong password and an unknown name get the same answer', async (t) => {
  const app = await server(t)
  const { email } = await app.user()
  const wrong = await app.post('/login', { json: { username: email, password: 'not the right one' } })
  const unknown = await app.post('/login', {
    json: { username: 'nobody@example.com', password: 'not the right one' },
  })
  const { request_id: _, ...said } = wrong.body
  const { request_id: __, ...alsoSaid } = unknown.body
  assert.deepEqual(said, alsoSaid)
  assert.equal(wrong.status, 400)
  assert.equal(unknown.status, 400)
  assert.equal(said.detail, 'Incorrect username or password')
  assert.equal(wrong.headers.get('ratelimit-policy'), unknown.headers.get('ratelimit-policy'))
  assert.equal(wrong.headers.get('ratelimit'), unknown.headers.get('ratelimit'))
})

test('no token, a bad token and another scheme get different challenges (RFC 6750)', async (t) => {
  const app = await server(t)
  const none = await app.get('/protected')
  assert.equal(none.status, 401)
  assert.equal(none.body.detail, 'Not authenticated')
  assert.equal(none.headers.get('www-authenticate'), 'Bearer')
  assert.equal(none.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  const bad = await app.get('/protected', { token: 'nonsense' })
  assert.equal(bad.status, 401)
  assert.equal(bad.body.detail, 'Invalid authentication credentials')
  assert.equal(bad.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  const basic = await app.get('/protected', { headers: { authorization: 'Basic a2ltOnNlY3JldA==' } })
  assert.equal(basic.headers.get('www-authenticate'), 'Bearer')
})

test('only an operator gets the admin scope, and unknown scopes are not granted', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  const reply = await app.post('/login', {
    json: { username: email, password, scope: 'account admin everything' },
  })
  assert.equal(reply.body.scope, 'account')
})

test('a grant type other than password is refused', async (t) => {
  const app = await server(t)
  const reply = await app.post('/login', {
    form: { grant_type: 'client_credentials', username: 'a', password: 'b' },
  })
  assert.equal(reply.status, 400)
  assert.equal(reply.body.code, 'unsupported_grant_type')
})

test('an unreachable assurance is refused with the required acr', async (t) => {
  const app = await server(t)
  await app.post('/v1/accounts', { json: { username: 'minji', password: goodPassword } })
  const reply = await app.post('/login', { json: { username: 'minji', password: goodPassword, acr: 'aal2' } })
  assert.equal(reply.status, 403)
  assert.equal(reply.body.code, 'more_evidence_required')
  assert.match(reply.body.attempt, /^att_/)
  assert.deepEqual(reply.body.offers, [])
  assert.equal(reply.body.access_token, undefined)
})
