import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { clockStandingStill, server, type TestServer } from '../support/fixture.ts'
import { rankSum } from '../support/rank-sum.ts'

// Guessing gets slower, counted over all nodes, and never locks an owner out.
const guess = (app: TestServer, username: string, password: string, source?: string) =>
  app.post('/login', {
    json: { username, password },
    ...(source !== undefined && { headers: { 'x-forwarded-for': source } }),
  })

for (const engine of engines) {
  test(`${engine.name}: after five failures delays begin, grow, and are in Retry-After`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, clock: clockStandingStill() })
    const { email, password } = await app.user()
    const remaining: string[] = []
    for (let failure = 0; failure < 5; failure++) {
      const reply = await guess(app, email, 'wrong password')
      assert.equal(reply.status, 400)
      remaining.push(/r=(\d+)/.exec(reply.headers.get('ratelimit') ?? '')?.[1] ?? '')
    }
    assert.deepEqual(remaining, ['4', '3', '2', '1', '0'])
    let last = 0
    for (let round = 0; round < 6; round++) {
      const held = await guess(app, email, password) // not even the right one, before its time
      assert.equal(held.status, 429)
      assert.equal(held.body.code, 'too_many_attempts')
      const seconds = Number(held.headers.get('retry-after'))
      assert.ok(seconds >= last * 1.5 || seconds >= 1, `${seconds} after ${last}`)
      assert.ok(round === 0 || seconds > last, `${seconds} after ${last}`)
      last = seconds
      app.clock.advance(seconds * 1000)
      assert.equal((await guess(app, email, 'wrong password')).status, 400)
    }
    app.clock.advance(15 * 60_000)
    assert.equal((await guess(app, email, password)).status, 200)
    assert.equal((await guess(app, email, 'wrong password')).status, 400) // and the count begins anew
  })

  test(`${engine.name}: a hundred concurrent guesses have five tries`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, {
      engine,
      clock: clockStandingStill(),
      settings: { SUMUN_TRUST_PROXY: 'true' },
    })
    const { email } = await app.user()
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => guess(app, email, `guess number ${index}`, '198.51.100.7')),
    )
    assert.equal(replies.filter(({ status }) => status === 400).length, 5)
    assert.equal(replies.filter(({ status }) => status === 429).length, 95)
  })

  test(`${engine.name}: nodes count together`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine, clock: clockStandingStill() })
    const other = await server(t, {
      environment: app.environment,
      clock: app.clock,
      settings: { SUMUN_ISSUER: app.url },
    })
    const { email } = await app.user()
    for (let failure = 0; failure < 5; failure++)
      await guess(failure % 2 ? app : other, email, 'wrong password')
    assert.equal((await guess(app, email, 'wrong password')).status, 429)
    assert.equal((await guess(other, email, 'wrong password')).status, 429)
  })

  test(`${engine.name}: an owner cannot be locked out, from however many sources`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, clock: clockStandingStill(), settings: { SUMUN_TRUST_PROXY: '1' } })
    const { email, password } = await app.user()
    assert.equal((await guess(app, email, password, '203.0.113.5')).status, 200)
    for (let attacker = 0; attacker < 130; attacker++) {
      const source = `198.51.${Math.floor(attacker / 250)}.${(attacker % 250) + 1}`
      assert.equal((await guess(app, email, 'wrong password', source)).status, 400)
    }
    // Strangers have one try each now; the owner's place has all of them, and a new place has at least the
    // one it needs.
    const stranger = '198.51.100.99'
    assert.equal((await guess(app, email, 'wrong password', stranger)).status, 400)
    assert.equal((await guess(app, email, 'wrong password', stranger)).status, 429)
    for (let failure = 0; failure < 4; failure++)
      assert.equal((await guess(app, email, 'wrong password', '203.0.113.5')).status, 400)
    assert.equal((await guess(app, email, password, '203.0.113.5')).status, 200)
    assert.equal((await guess(app, email, password, '192.0.2.44')).status, 200)
  })
}

test('one source cannot try many names for long', async (t) => {
  const app = await server(t, { clock: clockStandingStill() })
  const statuses: number[] = []
  for (let name = 0; name < 110; name++)
    statuses.push((await guess(app, `user-${name}@example.com`, 'Spring2026!')).status)
  assert.equal(statuses.filter((status) => status === 400).length, 100)
  assert.equal(statuses.at(-1), 429)
  app.clock.advance(6_000)
  assert.equal((await guess(app, 'one-more@example.com', 'Spring2026!')).status, 400)
})

test('X-Forwarded-For counts only for configured proxies', async (t) => {
  const open = await server(t, { clock: clockStandingStill() })
  const { email } = await open.user()
  for (let failure = 0; failure < 5; failure++)
    await guess(open, email, 'wrong password', `198.51.100.${failure}`)
  assert.equal((await guess(open, email, 'wrong password', '198.51.100.200')).status, 429)

  const behind = await server(t, { clock: clockStandingStill(), settings: { SUMUN_TRUST_PROXY: '1' } })
  const user = await behind.user()
  // The client controls the left part; the proxy appends the address it saw.
  for (let failure = 0; failure < 5; failure++)
    await guess(behind, user.email, 'wrong password', `10.0.0.${failure}, 198.51.100.7`)
  assert.equal((await guess(behind, user.email, 'wrong password', '10.9.9.9, 198.51.100.7')).status, 429)
  assert.equal((await guess(behind, user.email, 'wrong password', '198.51.100.8')).status, 400)
})

test('an IPv6 /64 counts as one source', async (t) => {
  const app = await server(t, { clock: clockStandingStill(), settings: { SUMUN_TRUST_PROXY: '1' } })
  const { email } = await app.user()
  for (let failure = 0; failure < 5; failure++)
    await guess(app, email, 'wrong password', `2001:db8:1:2::${failure + 1}`)
  assert.equal((await guess(app, email, 'wrong password', '2001:db8:1:2:ffff::1')).status, 429)
  assert.equal((await guess(app, email, 'wrong password', '2001:db8:1:3::1')).status, 400)
})

test('an unknown name is throttled like a known one', async (t) => {
  const app = await server(t, { clock: clockStandingStill() })
  for (let failure = 0; failure < 5; failure++)
    assert.equal((await guess(app, 'nobody@example.com', 'wrong password')).status, 400)
  assert.equal((await guess(app, 'nobody@example.com', 'wrong password')).status, 429)
  assert.equal((await guess(app, 'NOBODY@example.com', 'wrong password')).status, 429) // in any spelling
})

test('sixty-four correct concurrent sign-ins succeed at a known place', async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  assert.equal((await guess(app, email, password)).status, 200)
  const replies = await Promise.all(Array.from({ length: 64 }, () => guess(app, email, password)))
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200])
})

test('a wrong password and an unknown name take the same time', async (t) => {
  const app = await server(t, { passwordCost: { memoryKibibytes: 4096, passes: 2, parallelism: 1 } })
  const rounds = 40
  const users = await Promise.all(Array.from({ length: rounds }, () => app.user()))
  const time = async (username: string): Promise<number> => {
    const startedAt = performance.now()
    const reply = await guess(app, username, 'wrong password')
    assert.equal(reply.status, 400)
    return performance.now() - startedAt
  }
  const [known, unknown]: [number[], number[]] = [[], []]
  for (const [round, { email }] of users.entries()) {
    known.push(await time(email))
    unknown.push(await time(`nobody-${round}@example.com`))
  }
  const z = rankSum(known, unknown)
  assert.ok(Math.abs(z) < 4, `z = ${z.toFixed(2)}`)
})
