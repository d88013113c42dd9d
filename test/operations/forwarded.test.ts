import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { server, type TestServer } from '../support/fixture.ts'

/** Where the newest session came from, as the account sees it. */
async function sourceSeen(app: TestServer, forwarded: string): Promise<string> {
  const { email, password } = await app.user()
  const { body } = await app.post('/login', {
    json: { username: email, password },
    headers: { 'x-forwarded-for': forwarded },
  })
  const { body: list } = await app.get('/v1/me/sessions', { token: body.access_token })
  return list.sessions.find(({ current }: { current: boolean }) => current).source
}

test('a forwarded address is normalised', async (t) => {
  const app = await server(t, { settings: { SUMUN_TRUST_PROXY: '1' } })
  for (const [forwarded, source] of [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['203.0.113.7:1', '203.0.113.7'],
    ['"203.0.113.7:4711"', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['[2001:db8::1]', '2001:db8:0:0::/64'],
    ['2001:db8::2', '2001:db8:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7:9', '203.0.113.7'],
    ['unknown', '127.0.0.1'],
    ['_hidden', '127.0.0.1'],
    ['x'.repeat(9000), '127.0.0.1'],
    ['203.0.113.7.8', '127.0.0.1'],
    ['', '127.0.0.1'],
  ] as const)
    assert.equal(await sourceSeen(app, forwarded), source, forwarded.slice(0, 60))
})

test('an invalid forwarded address falls back to the nearest valid hop', async (t) => {
  const app = await server(t, { settings: { SUMUN_TRUST_PROXY: '2' } })
  assert.equal(await sourceSeen(app, 'unknown, 203.0.113.7:80'), '203.0.113.7')
  assert.equal(await sourceSeen(app, '198.51.100.1:5, 203.0.113.7:80'), '198.51.100.1')
})

test('HEAD answers like GET, without the body', async (t) => {
  const app = await server(t)
  const user = await app.user()
  for (const path of [
    '/healthz',
    '/protected',
    '/v1/me',
    '/signin',
    '/.well-known/jwks.json',
    '/.well-known/openid-configuration',
    '/openapi.json',
    '/docs',
    '/nowhere',
    '/login',
  ]) {
    const token = user.accessToken
    const [got, head] = [await app.get(path, { token }), await app.call('HEAD', path, { token })]
    assert.deepEqual(
      [head.status, head.headers.get('content-type')],
      [got.status, got.headers.get('content-type')],
      path,
    )
    assert.equal(head.body, '')
  }
  // A connection that is kept serves on: nothing of a body was left on it.
  const url = new URL(app.url)
  const statuses = await new Promise<number[]>((resolve, reject) => {
    const seen: number[] = []
    const ask = (method: string, after?: () => void) =>
      request(
        {
          host: url.hostname,
          port: url.port,
          path: '/protected',
          method,
          headers: { connection: 'keep-alive', authorization: `Bearer ${user.accessToken}` },
        },
        (reply) => {
          reply.resume().on('end', () => {
            seen.push(reply.statusCode ?? 0)
            if (after) after()
            else resolve(seen)
          })
        },
      )
        .on('error', reject)
        .end()
    ask('HEAD', () => ask('GET', () => ask('HEAD')))
  })
  assert.deepEqual(statuses, [200, 200, 200])
})

test('/login ignores unknown parameters (RFC 6749)', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  const form = {
    grant_type: 'password',
    username: email,
    password,
    scope: '',
    client_id: '',
    client_secret: '',
    resource: 'https://api.example.com',
    audience: 'x',
    constructor_: 'x',
  }
  assert.equal((await app.post('/login', { form })).status, 200)
  assert.equal(
    (await app.post('/login', { json: { username: email, password, remember: true, deep: { er: [] } } }))
      .status,
    200,
  )
})

test('a CORS origin is normalised, and refused with a path', async (t) => {
  const app = await server(t, {
    settings: {
      SUMUN_CORS_ORIGINS: 'https://app.example.com/, https://API.example.com:443 ,http://localhost:5173',
    },
  })
  for (const origin of ['https://app.example.com', 'https://api.example.com', 'http://localhost:5173']) {
    const { headers } = await app.get('/healthz', { headers: { origin } })
    assert.equal(headers.get('access-control-allow-origin'), origin)
  }
  for (const wrong of [
    'https://app.example.com/app',
    'app.example.com',
    'https://a.example https://b.example',
    '*',
  ])
    await assert.rejects(server(t, { settings: { SUMUN_CORS_ORIGINS: wrong } }), /SUMUN_CORS_ORIGINS/, wrong)
})
