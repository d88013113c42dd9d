import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { asOperator } from '../support/operator.ts'
import { scimClient } from '../support/scim.ts'

// A program follows the audit log by a place: every change of an account or membership, once, in order.
for (const engine of engines)
  test(`${engine.name}: the feed has every change once, also of two nodes that write at once`, {
    skip: engine.skip,
  }, async (t) => {
    const settings = { SUMUN_ISSUER: 'http://localhost:1' }
    const app = await server(t, { engine, settings })
    const other = await server(t, { environment: app.environment, clock: app.clock, settings })
    const token = await asOperator(app)
    const read = async (after: string) =>
      (await app.get(`/v1/admin/events/feed?after=${after}&limit=7`, { token })).body
    const seen: { id: string; kind: string; subject: string | null }[] = []
    let place = '0'
    async function follow(): Promise<void> {
      for (;;) {
        const page = await read(place)
        const { events, next, complete } = page
        assert.equal(complete, true, JSON.stringify(page))
        seen.push(...events)
        if (next === place) return
        place = next
      }
    }
    const scim = await scimClient(app)
    const accounts: string[] = []
    for (let round = 0; round < 3; round++) {
      const made = await Promise.all([app, other, app, other].map((node) => node.user()))
      accounts.push(...made.map(({ accountId }) => accountId))
      await scim.user(`u${round}@corp.example`)
      await follow()
    }
    await app.running.engine.audit.seal()
    await follow()
    assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length, 'each once')
    for (const account of accounts)
      assert.ok(seen.some(({ kind, subject }) => kind === 'account.created' && subject === account))
    assert.equal(seen.filter(({ kind }) => kind === 'member.added').length, 3)
    assert.equal(seen.filter(({ kind }) => kind === 'provisioned.user_created').length, 3)

    assert.equal((await read('999999999999999')).events.length, 0)
    for (const query of ['after=-1', 'after=x', 'limit=0', 'more=1'])
      assert.equal((await app.get(`/v1/admin/events/feed?${query}`, { token })).status, 400, query)
    assert.equal((await app.get('/v1/admin/events/feed')).status, 401)
    // What was trimmed is said to be missing.
    app.clock.advance(1_000)
    await app.running.engine.audit.trim(app.clock.now())
    assert.equal((await read('0')).complete, false)
    assert.equal((await read(place)).complete, true)
  })
