import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, discover } from '../support/oidc.ts'
import { asOperator } from '../support/operator.ts'
import { enrolTotp } from '../support/users.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: only an operator with enough recent evidence administers`, options, async (t) => {
    const app = await server(t, { engine })
    const member = await app.user()
    assert.equal((await app.get('/v1/admin/accounts')).status, 401)
    const refused = await app.get('/v1/admin/accounts', { token: member.accessToken })
    assert.deepEqual(
      [refused.status, refused.headers.get('www-authenticate')],
      [403, 'Bearer error="insufficient_scope", scope="admin"'],
    )
    const token = await asOperator(app)
    assert.equal((await app.get('/v1/admin/accounts', { token })).status, 200)
    app.clock.advance(601_000)
    assert.equal((await app.get('/v1/admin/accounts', { token })).status, 200, 'to look')
    const stepUp = await app.call('DELETE', `/v1/admin/accounts/${member.accountId}`, { token })
    assert.deepEqual([stepUp.status, stepUp.body.code], [401, 'insufficient_user_authentication'])
    assert.match(stepUp.headers.get('www-authenticate') ?? '', /acr_values="aal2", max_age="600"/)
  })

  test(
    `${engine.name}: accounts are listed, found, created, changed, disabled and deleted`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await asOperator(app)
      const users = [await app.user(), await app.user(), await app.user()] as const
      const seen: string[] = []
      for (let after: string | null = ''; after !== null; ) {
        const { body } = await app.get(`/v1/admin/accounts?limit=2${after === '' ? '' : `&after=${after}`}`, {
          token,
        })
        seen.push(...body.accounts.map(({ id }: { id: string }) => id))
        after = body.next
      }
      assert.equal(seen.length, 4)
      assert.deepEqual([...seen].sort(), seen)
      const found = await app.get(
        `/v1/admin/accounts?identifier=${encodeURIComponent(users[1].email.toUpperCase())}`,
        { token },
      )
      assert.deepEqual(
        found.body.accounts.map(({ id }: { id: string }) => id),
        [users[1].accountId],
      )
      assert.equal((await app.get('/v1/admin/accounts?role=operator', { token })).body.accounts.length, 1)
      const made = await app.post('/v1/admin/accounts', {
        json: { email: 'new@example.com', name: 'New' },
        token,
      })
      assert.deepEqual([made.status, made.body.email], [201, 'new@example.com'])
      assert.equal(
        (await app.post('/v1/admin/accounts', { json: { email: 'new@example.com' }, token })).status,
        409,
      )
      const path = `/v1/admin/accounts/${made.body.id}`
      const etag = (await app.get(path, { token })).headers.get('etag') as string
      const changed = await app.call('PATCH', path, {
        json: { name: 'Newer' },
        token,
        headers: { 'if-match': etag },
      })
      assert.deepEqual([changed.status, changed.body.name], [200, 'Newer'])
      for (const match of [etag, '"x"']) {
        const late = await app.call('PATCH', path, {
          json: { name: 'Lost' },
          token,
          headers: { 'if-match': match },
        })
        assert.deepEqual([late.status, late.body.code], [412, 'precondition_failed'])
      }
      const disabled = await app.call('PATCH', `/v1/admin/accounts/${users[0].accountId}`, {
        json: { state: 'disabled' },
        token,
      })
      assert.equal(disabled.body.state, 'disabled')
      assert.equal((await app.get('/v1/me', { token: users[0].accessToken })).status, 401)
      assert.equal(
        (await app.call('DELETE', `/v1/admin/accounts/${users[1].accountId}`, { token })).status,
        204,
      )
      assert.equal((await app.get(`/v1/admin/accounts/${users[1].accountId}`, { token })).status, 404)
      const me = (await app.get('/v1/me', { token })).body.id
      assert.equal(
        (await app.call('DELETE', `/v1/admin/accounts/${me}`, { token })).body.code,
        'last_operator',
      )
    },
  )

  test(`${engine.name}: an operator ends a session and removes a lost credential`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    const user = await app.user()
    await enrolTotp(app, user.accessToken)
    const path = `/v1/admin/accounts/${user.accountId}`
    const credentials = (await app.get(`${path}/credentials`, { token })).body.credentials as {
      id: string
      method: string
    }[]
    assert.doesNotMatch(JSON.stringify(credentials), /secret|hash|\$argon2/i)
    const totp = credentials.find(({ method }) => method === 'totp')
    assert.equal((await app.call('DELETE', `${path}/credentials/${totp?.id}`, { token })).status, 204)
    assert.equal((await app.call('DELETE', `${path}/credentials/${totp?.id}`, { token })).status, 404)
    const again = (await app.post('/login', { json: { username: user.email, password: user.password } })).body
      .access_token
    const [session] = (await app.get(`${path}/sessions`, { token })).body.sessions
    assert.equal((await app.call('DELETE', `${path}/sessions/${session.id}`, { token })).status, 204)
    assert.equal((await app.get('/v1/me', { token: again })).status, 401)
    const { events } = (
      await app.get(`/v1/admin/events?subject=${user.accountId}&kind=credential.removed`, { token })
    ).body
    assert.equal(events.length, 1)
    assert.match(events[0].actor, /^acc_/)
  })

  test(`${engine.name}: clients are registered, changed, rotated and removed`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    const metadata = {
      client_name: 'Orders',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    }
    const made = await app.post('/v1/admin/clients', { json: { metadata }, token })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const { id, client_secret: first } = made.body
    const path = `/v1/admin/clients/${id}`
    assert.doesNotMatch(JSON.stringify((await app.get(path, { token })).body), new RegExp(first))
    const grant = (secret: string) =>
      app.post('/oauth/token', {
        form: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
      })
    const post = {
      metadata: { token_endpoint_auth_method: 'client_secret_post' },
      settings: { access_token_seconds: 120 },
    }
    const etag = made.headers.get('etag') as string
    const changed = await app.call('PATCH', path, { json: post, token, headers: { 'if-match': etag } })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    assert.equal(
      (await app.call('PATCH', path, { json: post, token, headers: { 'if-match': etag } })).status,
      412,
    )
    assert.equal((await grant(first)).body.expires_in, 120)
    const rotated = await app.post(`${path}/rotate-secret`, { json: { keep_hours: 1 }, token })
    assert.deepEqual(
      [(await grant(first)).status, (await grant(rotated.body.client_secret)).status],
      [200, 200],
    )
    app.clock.advance(3_600_000)
    assert.deepEqual(
      [(await grant(first)).status, (await grant(rotated.body.client_secret)).status],
      [401, 200],
    )
    const fresh = await operatorAgain(app)
    for (const bad of [
      { redirect_uris: ['https://x.example/#f'] },
      { redirect_uris: 'x' },
      { grant_types: ['password'] },
      { jwks_uri: 'file:///etc/passwd' },
    ])
      assert.equal(
        (await app.call('PATCH', path, { json: { metadata: bad }, token: fresh })).status,
        400,
        JSON.stringify(bad),
      )
    const held = (await grant(rotated.body.client_secret)).body.access_token
    assert.equal((await app.call('DELETE', path, { token: fresh })).status, 204)
    assert.equal((await grant(rotated.body.client_secret)).status, 401)
    assert.ok(held)
  })

  test(`${engine.name}: keys, settings and a client with read-only access`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    const before = (await app.get('/v1/admin/keys', { token })).body.keys.length
    const after = (await app.post('/v1/admin/keys/rotate', { json: {}, token })).body.keys.length
    assert.equal(after, before + 1)
    const settings = (await app.get('/v1/admin/settings', { token })).body
    assert.equal(settings.issuer, app.url)
    assert.ok(settings.policy.signIn)
    const grants = {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: 'admin:read',
    }
    const config = await discover(app, await application(app, grants, {}))
    const program = (await client.clientCredentialsGrant(config, { scope: 'admin:read' })).access_token
    assert.equal((await app.get('/v1/admin/events?limit=3', { token: program })).body.events.length, 3)
    assert.equal((await app.post('/v1/admin/keys/rotate', { json: {}, token: program })).status, 403)
    await assert.rejects(client.clientCredentialsGrant(config, { scope: 'admin' }))
  })
}

/** The same operator, an hour later. */
async function operatorAgain(app: TestServer): Promise<string> {
  const { engine } = app.running
  const [operator] = await engine.store.accounts.list({
    after: null,
    limit: 1,
    state: null,
    role: 'operator',
  })
  const [one] = await engine.store.sessions.listByAccount(operator?.id as `acc_${string}`, {
    after: null,
    limit: 1,
    now: engine.clock.now(),
  })
  assert.ok(one)
  const { tokensFor } = await import('../../src/engine/sessions/issue-tokens.ts')
  const evidence = one.evidence.map((piece) => ({ ...piece, at: engine.clock.now() }))
  const raised = await engine.store.sessions.stepUp({
    id: one.id,
    acr: 'aal2',
    amr: one.amr,
    evidence,
    now: engine.clock.now(),
  })
  assert.ok(raised)
  return tokensFor(engine, { ...raised, scope: 'account admin' }, engine.clock.now()).access_token
}
