import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { server } from '../support/fixture.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'

// PostgreSQL becomes unreachable and returns; the server reports it and recovers.
const found = findPostgres()

test('postgres: an unreachable database is 503 and not ready, and serving resumes without a restart', {
  skip: 'missing' in found ? found.missing : false,
  timeout: 90_000,
}, async (t) => {
  const cluster = await startPostgres('binaries' in found ? found.binaries : '')
  t.after(() => cluster.stop())
  const app = await server(t, {
    engine: {
      name: 'postgres',
      skip: false,
      prepare: async (context) => ({ ...(await folder(context)), SUMUN_DATABASE_URL: cluster.url }),
    },
  })
  const { email, password, accessToken, refreshToken } = await app.user()
  assert.equal((await app.get('/readyz')).status, 200)

  cluster.kill()
  await wait(1200)
  const away = await app.get('/readyz')
  assert.equal(away.status, 503)
  for (const reply of [
    away,
    await app.post('/login', { json: { username: email, password } }),
    await app.get('/v1/me', { token: accessToken }),
    await app.post('/refresh', { json: { refresh_token: refreshToken } }),
    await app.get('/protected', { token: accessToken }),
  ]) {
    assert.equal(reply.status, 503)
    assert.equal(reply.body.code, 'database_unavailable')
    assert.equal(reply.headers.get('retry-after'), '1')
  }
  assert.equal((await app.get('/healthz')).status, 200)

  await cluster.start()
  let status = 0
  for (let tries = 0; tries < 50 && status !== 200; tries++) {
    status = (await app.get('/readyz')).status
    if (status !== 200) await wait(100)
  }
  assert.equal(status, 200)
  assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 200)
  assert.equal((await app.post('/login', { json: { username: email, password } })).status, 200)
  assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
})

const folder = async (context: Parameters<typeof import('../support/engines.ts').sqlite.prepare>[0]) =>
  (await import('../support/engines.ts')).sqlite.prepare(context)
