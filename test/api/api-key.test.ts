import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'
import { enrolMethod } from '../support/users.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an API key is a bearer token until it is removed, expires or its account is disabled`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const { body } = await enrolMethod(app, user.accessToken, 'api-key', () => ({
        name: '밤마다 백업',
        expires_in_days: 30,
      }))
      const { key } = body.notes
      assert.match(key, /^sumun_sk_[0-9a-z]{74}$/)
      const status = async () => [
        (await app.get('/protected', { token: key })).status,
        (await app.get('/v1/me', { token: key })).status,
      ]
      assert.deepEqual(await status(), [200, 200])
      const listed = (await app.get('/v1/me/credentials', { token: key })).body
      assert.ok(!JSON.stringify(listed).includes(key))
      const mine = listed.credentials.find(({ method }: { method: string }) => method === 'api-key')
      assert.equal(mine.name, '밤마다 백업')
      assert.ok(mine.last_used_at && mine.details.expires_at)
      app.clock.advance(31 * 86_400_000)
      assert.deepEqual(await status(), [401, 401])
      const fresh = (await app.post('/login', { json: { username: user.email, password: user.password } }))
        .body.access_token
      const second = (await enrolMethod(app, fresh, 'api-key', () => ({ name: 'second' }))).body
      assert.equal((await app.get('/protected', { token: second.notes.key })).status, 200)
      assert.equal(
        (await app.call('DELETE', `/v1/me/credentials/${second.credential.id}`, { token: fresh })).status,
        204,
      )
      assert.equal((await app.get('/protected', { token: second.notes.key })).status, 401)
    },
  )

  test(
    `${engine.name}: an API key is replaced with an overlap in which both are valid`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { accessToken: token } = await app.user()
      const old = (await enrolMethod(app, token, 'api-key', () => ({ name: 'deploy' }))).body
      const next = (
        await enrolMethod(app, token, 'api-key', () => ({
          name: 'deploy',
          replaces: old.credential.id,
          overlap_hours: 2,
        }))
      ).body
      const good = async (key: string) => (await app.get('/protected', { token: key })).status === 200
      assert.deepEqual([await good(old.notes.key), await good(next.notes.key)], [true, true])
      app.clock.advance(2 * 3_600_000 + 1000)
      assert.deepEqual([await good(old.notes.key), await good(next.notes.key)], [false, true])
      const other = await app.post('/v1/me/credentials/api-key/answer', {
        json: { name: 'x', replaces: 'crd_00000000000000000000000000' },
        token: (await app.user()).accessToken,
      })
      assert.deepEqual([other.status, other.body.errors[0].field], [422, '/replaces'])
    },
  )

  test(
    `${engine.name}: a service account has no password, and gets an API key from the command line`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const environment = app.environment
      const added = await sumun(['user', 'add', '--service', '--username', 'backup-bot', '--json'], {
        environment,
      })
      assert.equal(added.exitCode, 0, added.stderr)
      assert.equal(added.json.password, null)
      const issued = await sumun(
        ['user', 'issue-key', 'backup-bot', '--name', 'nightly', '--days', '7', '--json'],
        { environment },
      )
      assert.equal(issued.exitCode, 0, issued.stderr)
      assert.equal((await app.get('/v1/me', { token: issued.json.key })).body.username, 'backup-bot')
      const exchanged = await app.post('/v1/me/token', { token: issued.json.key })
      assert.equal(exchanged.status, 200, JSON.stringify(exchanged.body))
      assert.equal((await app.get('/protected', { token: exchanged.body.access_token })).status, 200)
      assert.equal(
        (await sumun(['user', 'remove-credential', 'backup-bot', issued.json.id], { environment })).exitCode,
        0,
      )
      assert.equal((await app.get('/protected', { token: issued.json.key })).status, 401)
      // the command line is another process; nodes hear of it within a second
      await app.running.engine.revocations.poll()
      assert.equal((await app.get('/protected', { token: exchanged.body.access_token })).status, 401)
    },
  )
}

test('a malformed API key is refused without a database read', async (t) => {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const { key } = (await enrolMethod(app, token, 'api-key', () => ({ name: 'x' }))).body.notes
  const last = key.at(-1) === '0' ? '1' : '0'
  for (const wrong of [
    `${key.slice(0, -1)}${last}`,
    key.slice(0, -1),
    `${key}0`,
    'sumun_sk_',
    'sumun_sk_💥',
    key.toUpperCase(),
    `sumun_sk_${'0'.repeat(74)}`,
  ]) {
    const reply = await app.get('/protected', {
      headers: { authorization: `Bearer ${encodeURIComponent(wrong)}` },
    })
    assert.deepEqual([reply.status, reply.body.code], [401, 'invalid_token'], wrong)
  }
})
