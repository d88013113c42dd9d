import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { purge } from '../../src/engine/operations/background.ts'
import { changeDatabase } from '../support/change-database.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { sumun } from '../support/sumun.ts'

const day = 86_400_000
const verify = async ({ environment }: TestServer) =>
  (await sumun(['audit', 'verify', '--json'], { environment })).json

for (const engine of engines) {
  const options = { skip: engine.skip, timeout: 90_000 }

  test(
    `${engine.name}: the audit log is kept for the configured days, and its chain still verifies`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_AUDIT_DAYS: '40' } })
      const { engine: running } = app.running
      const sealed = async (): Promise<number> => {
        await running.audit.seal()
        return (await verify(app)).lines
      }
      const old = await app.user()
      for (let lot = 0; lot < 13; lot++)
        await Promise.all(
          Array.from({ length: 50 }, () =>
            app.post('/login', { json: { username: old.email, password: 'no' } }),
          ),
        )
      await running.audit.seal()
      const before = (await verify(app)).lines
      app.clock.advance(41 * day)
      const young = await app.user()
      await running.audit.seal()
      await purge(running)
      const after = await verify(app)
      assert.equal(after.intact, true, JSON.stringify(after))
      const { events } = (
        await sumun(['audit', 'tail', '--lines', '100', '--json'], { environment: app.environment })
      ).json
      assert.ok(events.every(({ at }: { at: string }) => Date.parse(at) > app.clock.now() - 40 * day))
      assert.ok(events.some(({ subject }: { subject: string }) => subject === young.accountId))
      const trimmed = events.find(({ kind }: { kind: string }) => kind === 'audit.trimmed')
      assert.equal(trimmed?.details.lines, before)
      assert.ok((await sealed()) > before)
      assert.equal((await verify(app)).intact, true)
      await purge(running)
      assert.equal((await verify(app)).intact, true)
    },
  )

  test(
    `${engine.name}: the beginning of the audit log cannot be cut off in the database`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_AUDIT_DAYS: '40' } })
      await app.user()
      app.clock.advance(41 * day)
      for (let n = 0; n < 5; n++) await app.user()
      await app.running.engine.audit.seal()
      await purge(app.running.engine)
      await app.running.engine.audit.seal()
      assert.equal((await verify(app)).intact, true)
      await changeDatabase(app.environment, `DELETE FROM event WHERE seq = (SELECT MIN(seq) FROM event)`)
      assert.equal((await verify(app)).fault.reason, 'missing')
      await changeDatabase(
        app.environment,
        `UPDATE fact SET value = REPLACE(value, '"seq":', '"seq":1') WHERE name = 'audit-start'`,
      )
      assert.equal((await verify(app)).fault.reason, 'start_forged')
    },
  )

  test(
    `${engine.name}: expired rows are purged in batches while requests are answered`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { engine: running } = app.running
      const { store } = running
      const user = await app.user()
      const session = (
        await store.sessions.listByAccount(user.accountId as never, {
          after: null,
          limit: 1,
          now: app.clock.now(),
        })
      )[0]
      assert.ok(session)
      const many = 1_700
      await store.transaction(async (tx) => {
        for (let n = 0; n < many; n++)
          await tx.sessions.insert({
            ...session,
            id: `ses_${String(n).padStart(26, '0')}`,
            expiresAt: app.clock.now() + day,
          })
      })
      app.clock.advance(2 * day)
      let longest = 0
      let isOver = false
      const asking = (async () => {
        while (!isOver) {
          const startedAt = performance.now()
          assert.equal((await app.get('/readyz')).status, 200)
          longest = Math.max(longest, performance.now() - startedAt)
        }
      })()
      await purge(running)
      isOver = true
      await asking
      assert.ok(longest < 1_000, `${longest} ms`)
      const left = await store.sessions.listByAccount(user.accountId as never, {
        after: null,
        limit: 100,
        now: 0,
      })
      assert.deepEqual(
        left.map(({ id }) => id),
        [session.id],
      )
    },
  )
}

test('mails written as files are removed after a week, and no other files', async (t) => {
  const app = await server(t)
  const data = app.environment.SUMUN_DATA as string
  const user = await app.user()
  await messageTo(data, user.email)
  const folder = join(data, 'outbox')
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  const before = readdirSync(folder).filter((name) => name.endsWith('.eml'))
  app.clock.advance(8 * day)
  const late = await app.user()
  await messageTo(data, late.email)
  const after = readdirSync(folder)
  assert.deepEqual(
    after.filter((name) => before.includes(name)),
    [],
  )
  assert.ok(after.includes('notes.txt'))
  assert.ok(after.some((name) => name.endsWith('.eml')))
})
