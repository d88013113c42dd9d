import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { beginAttempt, enrolMethod, enrolTotp } from '../support/users.ts'

const issueKey = async (app: TestServer, token: string, answer: Record<string, unknown> = {}) =>
  (await enrolMethod(app, token, 'api-key', () => ({ name: 'nightly', ...answer }))).body

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a program's key cannot sign in and is not a second factor`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const { notes } = await issueKey(app, user.accessToken)
    await enrolTotp(app, user.accessToken)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    assert.ok(!attempt.offers.includes('api-key'))
    for (const path of [`/v1/attempts/${attempt.id}/api-key`, `/v1/attempts/${attempt.id}/api-key/answer`]) {
      const reply = await app.post(path, { json: { key: notes.key } })
      assert.ok(reply.status === 404 || reply.status === 400, `${path} ${reply.status}`)
    }
    const signIn = await app.post('/login', { json: { username: user.email, password: notes.key } })
    assert.equal(signIn.status, 400)
    const both = await app.post('/login', {
      json: { username: user.email, password: user.password, code: notes.key },
    })
    assert.ok(both.status >= 400, 'nor beside the password')
  })

  test(
    `${engine.name}: a key is exchanged for at most its scopes, makes no sensitive change, and its removal ends its tokens`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const { notes, credential } = await issueKey(app, user.accessToken, { scope: 'reports:read' })
      const more = await app.post('/v1/me/token', { json: { scope: 'account' }, token: notes.key })
      assert.deepEqual([more.status, more.body.code], [403, 'insufficient_scope'], JSON.stringify(more.body))
      const { status, body } = await app.post('/v1/me/token', { token: notes.key })
      assert.equal(status, 200, JSON.stringify(body))
      assert.equal(body.refresh_token, undefined)
      const claims = decodeJwt(body.access_token)
      assert.deepEqual(
        [claims.scope, claims.acr, claims.amr, claims.sub],
        ['reports:read', undefined, undefined, user.accountId],
      )
      assert.equal((await app.get('/v1/me', { token: body.access_token })).status, 403)
      const whole = await issueKey(app, user.accessToken)
      const wide = (await app.post('/v1/me/token', { token: whole.notes.key })).body.access_token
      for (const token of [whole.notes.key, wide])
        for (const [method, path, json] of [
          [
            'POST',
            '/v1/me/credentials/password/answer',
            { password: 'seven herons over the weir', current_password: user.password },
          ],
          ['POST', '/v1/me/credentials/api-key', {}],
          ['POST', '/v1/me/credentials/totp', {}],
          ['POST', '/v1/me/identifiers/email', { value: 'thief@example.com' }],
          ['DELETE', '/v1/me', undefined],
          ['DELETE', `/v1/me/credentials/${credential.id}`, undefined],
        ] as const) {
          const reply = await app.call(method, path, { ...(json && { json }), token })
          assert.ok(
            reply.status === 401 || reply.status === 403,
            `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`,
          )
        }
      const stepUp = await app.post('/v1/attempts', {
        json: { purpose: 'step-up', operation: 'account' },
        token: wide,
      })
      assert.ok(stepUp.status >= 400, 'a program cannot step up')
      assert.equal(
        (await app.call('DELETE', `/v1/me/credentials/${whole.credential.id}`, { token: user.accessToken }))
          .status,
        204,
      )
      assert.equal((await app.get('/protected', { token: wide })).status, 401, 'the token ends with its key')
      assert.equal(
        (await app.get('/protected', { token: body.access_token })).status,
        200,
        'that of another key does not',
      )
    },
  )

  test(`${engine.name}: removing a credential ends the sessions that rest on it`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await enrolTotp(app, user.accessToken)
    const login = (code?: string) =>
      app.post('/login', { json: { username: user.email, password: user.password, code } })
    const stolen = (await login(phone.codeAt(app.clock.now()))).body
    app.clock.advance(30_000)
    const own = (await login(phone.codeAt(app.clock.now()))).body.access_token
    const listed = (await app.get('/v1/me/credentials', { token: own })).body.credentials
    const { id } = listed.find(({ method }: { method: string }) => method === 'totp')
    assert.equal((await app.call('DELETE', `/v1/me/credentials/${id}`, { token: own })).status, 204)
    assert.equal((await app.get('/protected', { token: stolen.access_token })).status, 401)
    assert.equal((await app.post('/refresh', { json: { refresh_token: stolen.refresh_token } })).status, 401)
  })
}
