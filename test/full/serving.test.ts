import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import { sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { signInsTaken } from '../support/sign-ins-taken.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

// Starting, stopping, and what a process says of itself.
test('stdout has only the ready line, and the log goes to stderr as JSON', async (t) => {
  const environment = await sqlite.prepare(t)
  const served = await serveProcess(environment)
  const app = createClient(served.url)
  assert.equal((await app.get('/protected')).status, 401)
  await app.user()
  assert.equal(await served.terminate(), 0)
  assert.equal(served.stdout(), `${JSON.stringify({ ready: true, url: served.url })}\n`)
  const lines = served
    .stderr()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.ok(lines.every(({ level, time, event }) => level && time && event))
  const events = lines.map(({ event }) => event)
  assert.ok(
    events.includes('first_operator.offered') &&
      events.includes('server.ready') &&
      events.includes('server.stopped'),
  )
})

test('the first-operator link is offered until there is an operator', async (t) => {
  const environment = await sqlite.prepare(t)
  const offered = async (): Promise<boolean> => {
    const served = await serveProcess(environment)
    await served.terminate()
    return served.stderr().includes('/signup?invitation=')
  }
  assert.equal(await offered(), true)
  assert.equal(await offered(), true)
  await sumun(['user', 'add', '--username', 'op', '--operator'], { environment })
  assert.equal(await offered(), false)
})

test('SIGTERM finishes current requests and accepts no new ones', async (t) => {
  const served = await serveProcess(await sqlite.prepare(t))
  const app = createClient(served.url)
  const { email, password } = await app.user()
  const pending = Array.from({ length: 20 }, () =>
    app.post('/login', { json: { username: email, password } }),
  )
  while ((await signInsTaken(app)) < pending.length) await wait(5)
  const ended = served.terminate()
  const statuses = (await Promise.all(pending)).map(({ status }) => status)
  assert.deepEqual([...new Set(statuses)], [200])
  assert.equal(await ended, 0)
  await assert.rejects(app.get('/healthz'))
})

test('npm start forwards SIGTERM, and leaves no process', async (t) => {
  const environment = { ...process.env, ...(await sqlite.prepare(t)) } as Record<string, string>
  const npm = spawn('npm', ['start', '--', '--port', '0'], {
    cwd: join(import.meta.dirname, '../..'),
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((resolve) => {
    let text = ''
    npm.stdout.on('data', (data) => {
      text += data
      const line = text.split('\n').find((candidate) => candidate.startsWith('{"ready"'))
      if (line) resolve((JSON.parse(line) as { url: string }).url)
    })
  })
  const app = createClient(url)
  assert.equal((await app.get('/healthz')).status, 200)
  const ended = new Promise<number | null>((resolve) => npm.once('exit', resolve))
  npm.kill('SIGTERM')
  assert.equal(await ended, 0)
  await assert.rejects(app.get('/healthz'))
})

test('a port in use fails at once', async (t) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }
  const finished = await sumun(['start', '--port', String(port)], { environment: await sqlite.prepare(t) })
  assert.equal(finished.exitCode, 1)
  assert.match(finished.stderr, /EADDRINUSE/)
})

test('several processes share one port and one database, and stop together', async (t) => {
  const served = await serveProcess({ ...(await sqlite.prepare(t)), SUMUN_WORKERS: '2' })
  const app = createClient(served.url)
  const { email, password, accessToken } = await app.user()
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => app.post('/login', { json: { username: email, password } })),
  )
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200])
  assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
  assert.equal(await served.terminate(), 0)
  assert.equal(served.stdout().trim().split('\n').length, 1)
})

test('no password, token, cookie or e-mail address reaches the log', async (t) => {
  const served = await serveProcess({ ...(await sqlite.prepare(t)), SUMUN_LOG_LEVEL: 'debug' })
  const app = createClient(served.url)
  const { email, password, accessToken, refreshToken } = await app.user()
  await app.post('/login', { json: { username: email, password: `${password}x` } })
  await app.post('/login', {
    json: { username: email, password },
    headers: { cookie: 'sumun_session=telltale' },
  })
  await app.post('/refresh', { json: { refresh_token: `${refreshToken}x` } })
  await app.get('/protected', { token: `${accessToken}x` })
  await app.post('/login', {
    raw: `{"username":"${email}","password":"${password}"`,
    headers: { 'content-type': 'application/json' },
  })
  await served.terminate()
  for (const secret of [password, accessToken, refreshToken, 'telltale', email])
    assert.ok(!served.stderr().includes(secret), secret)
})

test('a slow client is disconnected (Slowloris)', {
  timeout: 40_000,
}, async (t) => {
  const app = await server(t)
  const { hostname, port } = new URL(app.url)
  const startedAt = performance.now()
  const reply = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write('POST /login HTTP/1.1\r\nHost: a\r\n'))
    const drip = setInterval(() => socket.writable && socket.write('X: y\r\n'), 1000)
    socket.on('data', (data) => (text += data)).on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      resolve(text)
    })
  })
  assert.ok(performance.now() - startedAt < 16_000)
  assert.match(reply, /408[\s\S]*request_timeout/)
})

test('metrics count sign-ins by outcome and requests by route, without client-controlled series', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  await app.post('/login', { json: { username: email, password } })
  await app.post('/login', { json: { username: email, password: 'wrong' } })
  for (let path = 0; path < 50; path++) await app.get(`/nowhere/${path}`)
  for (const method of ['PROPFIND', 'LOCK']) await app.call(method, '/nowhere')
  const { body, status } = await app.get('/metrics')
  assert.equal(status, 200)
  assert.match(body, /sumun_sign_ins_total\{method="password",outcome="succeeded"\} 1/)
  assert.match(body, /sumun_sign_ins_total\{method="password",outcome="refused"\} 1/)
  assert.match(
    body,
    /sumun_http_request_duration_seconds_count\{route="\/login",method="POST",status="200"\} 1/,
  )
  assert.match(body, /sumun_signing_key_age_seconds\{kid="[\w-]+",state="current"\}/)
  assert.match(body, /sumun_hash_queue_waiting 0/)
  assert.equal([...body.matchAll(/_count\{route="none"/g)].length, 1)
  assert.doesNotMatch(body, /nowhere/)
})

test('health checks support HEAD', async (t) => {
  const app = await server(t)
  for (const path of ['/healthz', '/readyz']) assert.equal((await app.call('HEAD', path)).status, 200)
})

test('metrics need loopback or the token', async (t) => {
  const app = await server(t)
  assert.equal((await app.get('/metrics', { headers: { 'x-forwarded-for': '198.51.100.1' } })).status, 404)
  const guarded = await server(t, { settings: { SUMUN_METRICS_TOKEN: 'a-long-enough-token' } })
  assert.equal((await guarded.get('/metrics')).status, 401)
  assert.equal((await guarded.get('/metrics', { token: 'another-long-token!' })).status, 401)
  assert.equal((await guarded.get('/metrics', { token: 'a-long-enough-token' })).status, 200)
})

test('only configured origins may call from a browser (CORS)', async (t) => {
  const app = await server(t, {
    settings: { SUMUN_CORS_ORIGINS: 'https://app.example.com, https://admin.example.com' },
  })
  const ask = (origin: string) =>
    app.call('OPTIONS', '/login', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
  assert.equal(
    (await ask('https://app.example.com')).headers.get('access-control-allow-origin'),
    'https://app.example.com',
  )
  for (const origin of [
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
  ]) {
    assert.notEqual((await ask(origin)).headers.get('access-control-allow-origin'), origin)
  }
  const closed = await server(t)
  const reply = await closed.get('/healthz', { headers: { origin: 'https://app.example.com' } })
  assert.equal(reply.headers.get('access-control-allow-origin'), null)
})

test('every reply has a request id, and headers against caching, sniffing and framing', async (t) => {
  const app = await server(t)
  const replies = await Promise.all(
    ['/healthz', '/protected', '/nowhere', '/v1/me'].map((path) => app.get(path)),
  )
  assert.equal(new Set(replies.map(({ headers }) => headers.get('x-request-id'))).size, replies.length)
  for (const { headers } of replies) {
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-powered-by'), null)
  }
  assert.match(
    (await app.get('/.well-known/jwks.json')).headers.get('cache-control') ?? '',
    /public, max-age=300/,
  )
})

test('a full hash queue answers 503 with Retry-After, and other requests stay fast', async (t) => {
  const app = await server(t, {
    passwordCost: { memoryKibibytes: 32_768, passes: 3, parallelism: 1 },
    settings: { SUMUN_TRUST_PROXY: '1' },
  })
  const { accessToken } = await app.user()
  const flood = Array.from({ length: 300 }, (_, index) => {
    const headers = { 'x-forwarded-for': `198.51.${index >> 8}.${index & 255}` }
    return app.post('/login', {
      json: { username: `nobody-${index}@example.com`, password: 'some wrong password' },
      headers,
    })
  })
  const times: number[] = []
  for (let call = 0; call < 40; call++) {
    const startedAt = performance.now()
    assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
    times.push(performance.now() - startedAt)
  }
  const replies = await Promise.all(flood)
  const busy = replies.filter(({ status }) => status === 503)
  assert.ok(busy.length > 0 && busy.length < 300, `${busy.length} busy`)
  for (const { body, headers } of busy) {
    assert.equal(body.code, 'busy')
    assert.ok(Number(headers.get('retry-after')) >= 1)
  }
  assert.ok(replies.every(({ status }) => status === 400 || status === 503))
  times.sort((a, b) => a - b)
  assert.ok((times[Math.floor(times.length * 0.5)] as number) < 250, `median ${times[20]} ms`)
})
