import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'

// A refresh token is used once; for ten seconds the former one gives the same successor; anything older
// counts as stolen.
const minute = 60_000
const day = 24 * 60 * minute

for (const engine of engines) {
  test(`${engine.name}: fifty parallel redemptions of one refresh token have one successor`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { refreshToken } = await app.user()
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => app.post('/refresh', { json: { refresh_token: refreshToken } })),
    )
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200])
    assert.equal(new Set(replies.map(({ body }) => body.refresh_token)).size, 1)
    const [{ body }] = replies as [(typeof replies)[0]]
    assert.equal((await app.get('/protected', { token: body.access_token })).status, 200)
    assert.equal((await app.post('/refresh', { json: { refresh_token: body.refresh_token } })).status, 200)
  })

  test(`${engine.name}: an old refresh token ends the session and its access tokens`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { refreshToken, accessToken } = await app.user()
    const second = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    const third = await app.post('/refresh', { json: { refresh_token: second.body.refresh_token } })
    assert.equal(third.status, 200)
    const stolen = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    assert.equal(stolen.status, 401)
    assert.equal(stolen.body.code, 'invalid_refresh_token')
    assert.equal(
      (await app.post('/refresh', { json: { refresh_token: third.body.refresh_token } })).status,
      401,
    )
    for (const token of [accessToken, second.body.access_token, third.body.access_token])
      assert.equal((await app.get('/protected', { token })).status, 401)
    const events = await app.running.engine.store.events.listFiltered({
      subject: null,
      kind: null,
      before: null,
      limit: 5,
    })
    assert.ok(events.some(({ kind }) => kind === 'session.refresh_reused'))
  })

  test(`${engine.name}: a lost reply is repeated within the grace period, and not after it`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { refreshToken } = await app.user()
    const first = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    app.clock.advance(9_000)
    const again = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    assert.equal(again.body.refresh_token, first.body.refresh_token)
    app.clock.advance(2_000)
    assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 401)
    assert.equal(
      (await app.post('/refresh', { json: { refresh_token: first.body.refresh_token } })).status,
      401,
    )
  })

  test(`${engine.name}: two nodes redeem one token once`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine })
    const other = await server(t, {
      environment: app.environment,
      clock: app.clock,
      settings: { SUMUN_ISSUER: app.url },
    })
    const { refreshToken } = await app.user()
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 ? app : other).post('/refresh', { json: { refresh_token: refreshToken } }),
      ),
    )
    assert.equal(new Set(replies.map(({ body }) => body.refresh_token)).size, 1)
  })
}

test('with a grace period of zero the former token counts as stolen at once', async (t) => {
  const app = await server(t, { settings: { SUMUN_REFRESH_GRACE_SECONDS: '0' } })
  const { refreshToken } = await app.user()
  const next = await app.post('/refresh', { json: { refresh_token: refreshToken } })
  assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 401)
  assert.equal((await app.post('/refresh', { json: { refresh_token: next.body.refresh_token } })).status, 401)
})

test('a session ends after its idle limit, and after its maximum lifetime', async (t) => {
  const app = await server(t, { settings: { SUMUN_SESSION_IDLE_DAYS: '2', SUMUN_SESSION_DAYS: '3' } })
  const idle = await app.user()
  let { refreshToken } = await app.user()
  for (let half = 0; half < 5; half++) {
    app.clock.advance(day / 2)
    const reply = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    assert.equal(reply.status, 200)
    refreshToken = reply.body.refresh_token
  }
  assert.equal((await app.post('/refresh', { json: { refresh_token: idle.refreshToken } })).status, 401)
  app.clock.advance(day)
  assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 401)
})

test('an altered, truncated, foreign or reordered refresh token is refused without a database read', async (t) => {
  const app = await server(t, { engine: sqlite })
  const stranger = await server(t)
  const { refreshToken } = await app.user()
  const foreign = (await stranger.user()).refreshToken
  const flipped = [...refreshToken]
    .map((character, index) => (index === 30 ? (character === 'A' ? 'B' : 'A') : character))
    .join('')
  const last = refreshToken.at(-1) === 'A' ? 'B' : 'A'
  const cases = [
    '',
    ' ',
    'x',
    refreshToken.slice(0, -1),
    `${refreshToken}A`,
    refreshToken.slice(0, -1) + last,
    flipped,
    foreign,
    refreshToken.toLowerCase(),
    `${refreshToken}=`,
    ` ${refreshToken}`,
    'ü'.repeat(80),
    `sumun_rt_${'A'.repeat(72)}`,
  ]
  for (const token of cases) {
    const { status, body } = await app.post('/refresh', { json: { refresh_token: token } })
    assert.ok(status === 401 || status === 400, `${token}: ${status}`)
    assert.ok(['invalid_refresh_token', 'invalid_fields'].includes(body.code))
  }
  assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 200)
})

test('an access token expires exactly at its time', async (t) => {
  const app = await server(t)
  const { accessToken } = await app.user()
  app.clock.advance(29 * minute)
  assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
  app.clock.advance(minute)
  assert.equal((await app.get('/protected', { token: accessToken })).status, 401)
})
