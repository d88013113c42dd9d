import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { presets } from '../../src/federation/presets/index.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application } from '../support/oidc.ts'
import { asOperator } from '../support/operator.ts'
import { startUpstream } from '../support/upstream.ts'

const google = { preset: 'google', slug: 'google', client_id: 'abc', client_secret: 'shhh-very-secret' }
type Finding = { check: string; verdict: string; detail: string; fix: string | null }

/** A connection to `upstream`, and a client there; what differs is in `change`. */
async function connect(app: TestServer, token: string, change: Record<string, unknown>): Promise<Finding[]> {
  const slug = `up-${Math.round(performance.now() * 1000)}`
  const { status, body } = await app.post('/v1/admin/connections', {
    token,
    json: { preset: 'oidc', slug, ...change },
  })
  assert.equal(status, 201, JSON.stringify(body))
  const tested = await app.post(`/v1/admin/connections/${body.id}/test`, { token, json: {} })
  assert.equal(tested.status, 200, JSON.stringify(tested.body))
  return tested.body.findings
}
const verdicts = (findings: Finding[]) =>
  findings.map(({ check, verdict }) => `${check} ${verdict}`).join(', ')
const faultOf = (findings: Finding[], check?: string) =>
  findings.find((one) => one.verdict === 'fault' && (check === undefined || one.check === check))

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a connection is created, changed by revision, and removed`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    const made = await app.post('/v1/admin/connections', { token, json: google })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(made.body.callback_url, `${app.url}/v1/callback/google`)
    assert.deepEqual(
      [
        made.body.kind,
        made.body.state,
        made.body.email_trust,
        made.body.settings.issuer,
        made.body.has_secret,
      ],
      ['oidc', 'enabled', 'rule', 'https://accounts.google.com', true],
    )
    assert.equal((await app.post('/v1/admin/connections', { token, json: google })).body.code, 'conflict')
    const path = `/v1/admin/connections/${made.body.id}`
    const change = (json: unknown, revision?: string) =>
      app.call('PATCH', path, {
        token,
        json,
        headers: revision === undefined ? {} : { 'if-match': revision },
      })
    const changed = await change({ state: 'link-only', names: { ko: '구글' }, position: 3 }, '"1"')
    assert.deepEqual(
      [changed.status, changed.body.state, changed.body.names.ko, changed.headers.get('etag')],
      [200, 'link-only', '구글', '"2"'],
    )
    assert.equal((await change({ state: 'disabled' }, '"1"')).status, 412)
    assert.equal((await change({ client_secret: null })).body.has_secret, false)
    const { body: list } = await app.get('/v1/admin/connections?limit=1', { token })
    assert.deepEqual([list.connections.length, list.next], [1, null])
    assert.equal((await app.call('DELETE', path, { token })).status, 204)
    assert.equal((await app.get(path, { token })).status, 404)
    const events = await app.get('/v1/admin/events?limit=20', { token })
    const kinds = events.body.events.map(({ kind }: { kind: string }) => kind)
    for (const kind of ['connection.created', 'connection.updated', 'connection.removed'])
      assert.ok(kinds.includes(kind), kind)
  })

  test(`${engine.name}: of concurrent changes of a connection, one wins`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    const { body } = await app.post('/v1/admin/connections', { token, json: google })
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        app.call('PATCH', `/v1/admin/connections/${body.id}`, {
          token,
          json: { position: i + 1 },
          headers: { 'if-match': '"1"' },
        }),
      ),
    )
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    assert.ok(replies.every(({ status }) => [200, 409, 412].includes(status)))
  })
}

test('invalid connections are refused with the reason', async (t) => {
  const app = await server(t)
  const token = await asOperator(app)
  const add = (json: unknown) => app.post('/v1/admin/connections', { token, json })
  for (const [change, said] of [
    [{ secret_expires_on: '2027-02-30' }, /is no day/],
    [{ preset: 'myspace' }, /preset: one of oidc, oauth2, saml, ldap, active-directory, kakao/],
    [{ preset: 'oidc' }, /issuer required/],
    [{ settings: { issuer: 'ftp://x' } }, /not valid/],
    [{ settings: { colour: 'red' } }, /unknown/],
  ] as const) {
    const { status, body } = await add({ ...google, ...change })
    assert.deepEqual([status, body.code], [400, 'invalid_fields'], JSON.stringify(body))
    assert.match(body.detail, said)
  }
  assert.equal((await add({ ...google, slug: 'Über' })).status, 400)
  assert.equal((await add({ ...google, extra: 1 })).status, 400)
  const member = await app.user()
  assert.equal((await app.get('/v1/admin/connections', { token: member.accessToken })).status, 403)
})

test('every preset makes a connection, with an issuer where it names none', async (t) => {
  const app = await server(t)
  const token = await asOperator(app)
  for (const preset of presets) {
    const own = {
      issuer: 'https://id.example.com',
      authorization_endpoint: 'https://id.example.com/authorize',
      token_endpoint: 'https://id.example.com/token',
      profile_endpoint: 'https://id.example.com/me',
      ...{ scope: 'profile', subject: '/id', entity_id: 'https://id.example.com/idp' },
      sign_in_url: 'https://id.example.com/sso',
      certificates: ['A'.repeat(100)],
      ...{ urls: ['ldaps://id.example.com'], base_dn: 'dc=example,dc=com' },
    }
    const { kinds } = app.running.engine.federation
    const kind = kinds.find(({ id }) => id === preset.kind)
    const { required = [] } = (kind?.settings ?? {}) as { required?: string[] }
    const missing = required.filter((name) => preset.settings[name] === undefined)
    const settings = Object.fromEntries(missing.map((name) => [name, own[name as 'issuer']]))
    // A key of our own is made with the connection.
    const { client_secret, ...rest } = google
    const given = kind?.createSecret ? rest : { ...rest, client_secret }
    const json = { ...given, preset: preset.id, slug: preset.id, settings }
    const { status, body } = await app.post('/v1/admin/connections', { token, json })
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(body.settings, { ...preset.settings, ...settings })
  }
})

test('a secret is sealed in the database, and in no reply', async (t) => {
  const app = await server(t)
  const token = await asOperator(app)
  const made = await app.post('/v1/admin/connections', { token, json: google })
  const { store } = app.running.engine
  const row = await store.connections.findBySlug('google')
  assert.ok(row?.secretSealed)
  assert.ok(![made.body, row].some((one) => JSON.stringify(one).includes(google.client_secret)))
})

test('the test of a connection finds nothing wrong with a second Sumun, and names each thing that is', async (t) => {
  const upstream = await server(t)
  const app = await server(t)
  const token = await asOperator(app)
  const callback = `${app.url}/v1/callback`
  // The slug is part of the redirect URI, so the client is registered afterwards.
  const { id, secret } = await application(upstream, { redirect_uris: [`${callback}/good`] })
  const settings = { issuer: upstream.url }
  const base = { client_id: id, client_secret: secret, settings, slug: 'good' }
  const good = await connect(app, token, base)
  // The operator's second factor has moved the clock of this server on.
  assert.equal(verdicts(good), 'discovery ok, clock fault, keys ok, redirect ok, client ok')
  assert.match(faultOf(good)?.detail ?? '', /clocks differ by \d\d s/)

  const unregistered = await connect(app, token, { ...base, slug: 'other' })
  assert.match(
    faultOf(unregistered, 'redirect')?.fix ?? '',
    /register .*\/v1\/callback\/other as redirect URI/,
  )
  const wrongSecret = await connect(app, token, { ...base, slug: 'wrong', client_secret: 'not it' })
  assert.match(wrongSecret.find(({ check }) => check === 'client')?.detail ?? '', /refuses the client/)
  const { slug: _, client_secret: __, ...open } = base
  const noSecret = await connect(app, token, open)
  assert.match(noSecret.find(({ check }) => check === 'client')?.detail ?? '', /no secret/)
  const alias = upstream.url.replace('localhost', '127.0.0.1')
  const another = await connect(app, token, { ...open, settings: { issuer: alias } })
  assert.match(faultOf(another)?.detail ?? '', /another issuer/)
  const missing = await connect(app, token, { ...open, settings: { issuer: `${upstream.url}/nothing` } })
  assert.match(faultOf(missing)?.detail ?? '', /answered 404/)
  const closed = await connect(app, token, { ...open, settings: { issuer: 'http://localhost:1' } })
  assert.match(faultOf(closed)?.detail ?? '', /cannot be reached/)
})

test('the test of a connection says what the provider does not list, and when its key has expired', async (t) => {
  const app = await server(t)
  const token = await asOperator(app)
  const upstream = await startUpstream(t)
  const settings = { issuer: upstream.issuer, authentication: 'client_secret_post' }
  const base = { client_id: upstream.clientId, client_secret: upstream.secret, settings }
  const plain = await connect(app, token, { ...base, email_trust: 'flag' })
  assert.equal(plain.filter(({ check }) => ['claims', 'leaving'].includes(check)).length, 0)
  upstream.quirks.discovery = { scopes_supported: ['openid', 'email'], claims_supported: ['sub', 'email'] }
  const lacking = await connect(app, token, {
    ...{ ...base, email_trust: 'flag', secret_expires_on: '2020-01-31' },
    settings: { ...settings, unlink: true, sign_out: true },
  })
  const details = lacking.filter(({ verdict }) => verdict !== 'ok').map(({ detail }) => detail)
  for (const expected of [
    /does not list the scope profile/,
    /does not list the claims email and email_verified/,
    /no way for sign_out/,
    /no way for unlink/,
    /the secret expired on 2020-01-31/,
  ])
    assert.ok(
      details.some((detail) => expected.test(detail)),
      `${expected} ${details.join('\n')}`,
    )
  assert.equal(faultOf(lacking, 'client')?.verdict, 'fault')
})

test('a provider on the internal network is not called, by address or by name', async (t) => {
  const upstream = await server(t)
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  const token = await asOperator(app)
  const { port } = new URL(upstream.url)
  const hosts = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    '169.254.169.254',
    '10.0.0.1',
  ]
  for (const host of hosts) {
    const findings = await connect(app, token, {
      client_id: 'x',
      settings: { issuer: `https://${host}:${port}` },
    })
    assert.match(faultOf(findings)?.detail ?? '', /address that is not public/, host)
  }
})

test('a reply of a provider is bounded', async (t) => {
  const provider = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(`{"issuer":"${'x'.repeat(2_000_000)}"}`)
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  t.after(() => provider.close())
  const app = await server(t)
  const { port } = provider.address() as AddressInfo
  const findings = await connect(app, await asOperator(app), {
    client_id: 'x',
    settings: { issuer: `http://127.0.0.1:${port}` },
  })
  assert.match(faultOf(findings)?.detail ?? '', /larger than 1048576 bytes/)
})
