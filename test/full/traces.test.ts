import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

interface Line {
  kind: string
  subject: string | null
  outcome: string
  details: Record<string, string>
}

const audit = async (app: Pick<TestServer, 'environment'>, ...words: string[]): Promise<Line[]> =>
  (await sumun(['audit', 'tail', '--lines', '200', '--json', ...words], { environment: app.environment }))
    .json.events

for (const engine of engines) {
  const options = { skip: engine.skip, timeout: 180_000 }

  test(
    `${engine.name}: the request id of a problem is in the audit log with its source, also for concurrent requests`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_TRUST_PROXY: '1' } })
      const users = await Promise.all(Array.from({ length: 12 }, () => app.user()))
      const from = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n + 1}` })
      const refused = await Promise.all(
        users.map(({ email }, n) =>
          app.post('/login', { json: { username: email, password: 'not this one' }, headers: from(n) }),
        ),
      )
      const lines = await audit(app, '--kind', 'sign_in.refused')
      for (const [n, { accountId }] of users.entries()) {
        const line = lines.find(({ subject }) => subject === accountId)
        assert.deepEqual(
          [line?.details.request, line?.details.source],
          [refused[n]?.body.request_id, `203.0.113.${n + 1}`],
        )
      }
      await Promise.all(
        users.map(({ refreshToken }, n) =>
          app.post('/logout', { json: { refresh_token: refreshToken }, headers: from(n) }),
        ),
      )
      const ended = await audit(app, '--kind', 'session.ended')
      assert.deepEqual(
        users.map(({ accountId }) => ended.find(({ subject }) => subject === accountId)?.details.source),
        users.map((_, n) => `203.0.113.${n + 1}`),
      )
      assert.equal(new Set(ended.map(({ details }) => details.request)).size, users.length)
    },
  )

  test(
    `${engine.name}: invalid API keys are rate-limited and audited; a valid key of the same source is not blocked`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_TRUST_PROXY: '1' } })
      const { accountId } = await app.user()
      const good = await sumun(['user', 'issue-key', accountId, '--name', 'nightly', '--json'], {
        environment: app.environment,
      })
      const key: string = good.json.key
      const other = await sumun(['user', 'issue-key', accountId, '--name', 'reports', '--json'], {
        environment: app.environment,
      })
      const headers = { 'x-forwarded-for': '198.51.100.7' }
      const wrong = `${other.json.key.slice(0, -1)}${other.json.key.endsWith('0') ? '1' : '0'}`
      const ask = (token: string, path = '/protected') => app.get(path, { token, headers })
      const statuses: number[] = []
      for (let n = 0; n < 103; n++) statuses.push((await ask(wrong, n % 2 ? '/v1/me' : '/protected')).status)
      assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429])
      assert.equal((await app.post('/v1/me/token', { token: wrong, headers })).status, 429)
      assert.equal((await ask(key)).status, 200)
      assert.equal(
        (await app.get('/protected', { token: wrong, headers: { 'x-forwarded-for': '198.51.100.8' } }))
          .status,
        401,
      )
      const lines = await audit(app, '--kind', 'api_key.refused')
      assert.deepEqual(lines.map(({ details }) => details.source).sort(), ['198.51.100.7', '198.51.100.8'])
      assert.ok(!JSON.stringify(lines).includes(wrong.slice(9, 30)))
    },
  )

  test(`${engine.name}: a list of API keys shows their prefixes`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const keys: string[] = []
    for (const name of ['one', 'two']) {
      const made = await sumun(['user', 'issue-key', user.accountId, '--name', name, '--json'], {
        environment: app.environment,
      })
      keys.push(made.json.key)
    }
    const { body } = await app.get('/v1/me/credentials', { token: user.accessToken })
    const beginnings = body.credentials.flatMap(
      ({ details }: { details: { begins_with?: string } }) => details.begins_with ?? [],
    )
    assert.deepEqual(
      beginnings,
      keys.map((key) => key.slice(0, 15)),
    )
  })

  test(
    `${engine.name}: a revoked signing key verifies nothing on any node, and users refresh and continue`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const running = await serveProcess({
        ...app.environment,
        SUMUN_ISSUER: app.url,
        SUMUN_LOG_LEVEL: 'silent',
      })
      t.after(() => running.kill())
      const beside = createClient(running.url)
      const user = await app.user()
      for (const one of [app, beside])
        assert.equal((await one.get('/protected', { token: user.accessToken })).status, 200)
      const kid = JSON.parse(
        Buffer.from(user.accessToken.split('.')[0] as string, 'base64url').toString(),
      ).kid
      const careless = await sumun(['key', 'revoke', kid], { environment: app.environment })
      assert.notEqual(careless.exitCode, 0, 'without --yes')
      const revoked = await sumun(['key', 'revoke', kid, '--yes', '--json'], { environment: app.environment })
      assert.equal(revoked.exitCode, 0, revoked.stderr)
      const states = Object.fromEntries(
        revoked.json.keys.map((key: { kid: string; state: string }) => [key.kid, key.state]),
      )
      assert.equal(states[kid], 'retired')
      assert.deepEqual(Object.values(states).sort(), ['current', 'next', 'retired'])
      for (const one of [app, beside]) {
        for (
          let tries = 0;
          tries < 80 && (await one.get('/protected', { token: user.accessToken })).status === 200;
          tries++
        )
          await new Promise((resolve) => setTimeout(resolve, 100))
        assert.equal((await one.get('/protected', { token: user.accessToken })).status, 401)
        const { keys } = (await one.get('/.well-known/jwks.json')).body
        assert.ok(!keys.some((key: { kid: string }) => key.kid === kid))
      }
      const refreshed = await app.post('/refresh', { json: { refresh_token: user.refreshToken } })
      assert.equal(refreshed.status, 200)
      for (const one of [app, beside])
        assert.equal((await one.get('/protected', { token: refreshed.body.access_token })).status, 200)
      const again = await sumun(['key', 'revoke', kid, '--yes'], { environment: app.environment })
      assert.equal(again.exitCode, 1)
      assert.equal((await audit(app, '--kind', 'signing_key.revoked')).length, 1)
    },
  )
}
