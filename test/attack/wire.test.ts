import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { server } from '../support/fixture.ts'
import { application } from '../support/oidc.ts'

/** What comes back for these bytes, until the server closes or says nothing more for a moment. */
function exchange(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes))
    socket.setTimeout(1000, () => socket.destroy())
    socket
      .on('data', (chunk) => (text += chunk))
      .on('error', reject)
      .on('close', () => resolve(text))
  })
}
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])

test('a missing, duplicate or malformed Host is 400; only HTTP/1.0 may omit it', async (t) => {
  const app = await server(t)
  for (const path of ['/healthz', '/oauth/authorize', '/signin']) {
    for (const [host, status] of [
      ['', 400],
      ['Host: a\r\nHost: a\r\n', 400],
      ['Host: a\r\nhost: b\r\n', 400],
      ['Host: a b\r\n', 400],
      ['Host: a/b\r\n', 400],
      ['Host: a@b\r\n', 400],
      ['Host: a:80:80\r\n', 400],
      ['Host: a:123456\r\n', 400],
      ['Host: <script>\r\n', 400],
    ] as const)
      assert.equal(
        statusOf(await exchange(app.url, `GET ${path} HTTP/1.1\r\n${host}\r\n`)),
        status,
        `${path} ${host}`,
      )
  }
  for (const host of ['a', 'a:80', '[::1]:8000', 'id.example.com', '', 'a_b.local'])
    assert.equal(
      statusOf(await exchange(app.url, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`)),
      200,
      host,
    )
  assert.equal(statusOf(await exchange(app.url, 'GET /healthz HTTP/1.0\r\n\r\n')), 200)
})

test('a content coding is 415, and an unknown transfer coding 501', async (t) => {
  const app = await server(t)
  const body = gzipSync('{"username":"a","password":"b"}')
  for (const path of ['/login', '/oauth/token', '/signin', '/v1/accounts'])
    for (const coding of ['gzip', 'br', 'deflate', 'zstd', 'x-gzip', 'aes128gcm', 'identity, gzip']) {
      const reply = await app.post(path, {
        raw: body,
        headers: { 'content-type': 'application/json', 'content-encoding': coding },
      })
      assert.equal(reply.status, 415, `${path} ${coding}`)
    }
  const plain = { 'content-type': 'application/json', 'content-encoding': 'identity' }
  assert.equal(
    (await app.post('/login', { raw: '{"username":"a","password":"b"}', headers: plain })).status,
    400,
  )
  const head = 'POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  for (const coding of ['gzip', 'gzip, chunked', 'identity', 'foo', 'foo, chunked', 'chunked, chunked'])
    assert.match(
      await exchange(app.url, `${head}Transfer-Encoding: ${coding}\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
      /^HTTP\/1\.1 (501|400) /,
      coding,
    )
  assert.equal(statusOf(await exchange(app.url, `${head}Transfer-Encoding: foo\r\n\r\n`)), 501)
  assert.equal(
    statusOf(await exchange(app.url, `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`)),
    501,
  )
})

test('a body under /oauth that is too large is 413 before all of it is read', async (t) => {
  const app = await server(t)
  for (const path of [
    '/oauth/token',
    '/oauth/authorize',
    '/oauth/introspect',
    '/oauth/register',
    '/oauth/device',
    '/oauth/par',
  ]) {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    assert.equal(statusOf(await exchange(app.url, `${head}Content-Length: 24000000\r\n\r\na=b`)), 413, path)
    const chunks = `${'10000'}\r\n${'a'.repeat(0x10000)}\r\n`.repeat(2)
    assert.equal(
      statusOf(await exchange(app.url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`)),
      413,
      `${path}, in chunks`,
    )
  }
})

/** Counts who connects, and says nothing. */
async function innerService(t: TestContext): Promise<{ port: number; connections(): number }> {
  let count = 0
  const inner = createServer((socket) => {
    count++
    socket.destroy()
  })
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve))
  t.after(() => inner.close())
  return { port: (inner.address() as { port: number }).port, connections: () => count }
}

test('client URLs cannot reach the internal network (SSRF)', async (t) => {
  const { port, connections } = await innerService(t)
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  for (const host of [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '2130706433',
    '0x7f.1',
    '[::127.0.0.1]',
  ]) {
    const metadata = {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://${host}:${port}/jwks`,
    }
    const client = await application(app, metadata).catch(() => undefined)
    if (client)
      await app.post('/oauth/token', {
        form: {
          grant_type: 'client_credentials',
          client_id: client.id,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: `${Buffer.from('{"alg":"ES256","kid":"x"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: client.id, sub: client.id, aud: 'https://id.example.com', jti: host, exp: Math.floor(Date.now() / 1000) + 60, iat: Math.floor(Date.now() / 1000) })).toString('base64url')}.${'A'.repeat(86)}`,
        },
      })
    await application(app, {
      subject_type: 'pairwise',
      sector_identifier_uri: `https://${host}:${port}/sector`,
    }).catch(() => undefined)
  }
  assert.equal(connections(), 0)
})
