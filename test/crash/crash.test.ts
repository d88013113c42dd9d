import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines, postgres } from '../support/engines.ts'
import { crashRounds } from './rounds.ts'

// kill -9 in the midst of writes; `npm run test:crash -- --crash-rounds=1000` does it a thousand times.
const rounds = Number(process.env.TEST_CRASH_ROUNDS ?? 5)

for (const engine of engines) {
  test(`${engine.name}: what was confirmed before kill -9 is stored, ${rounds} times`, {
    skip: engine.skip,
    timeout: 3_600_000,
  }, async (t) => {
    const report = await crashRounds({ environment: await engine.prepare(t), rounds, nodes: 1 })
    t.diagnostic(JSON.stringify(report))
    assert.ok(
      report.rounds === rounds &&
        report.signUps > rounds &&
        report.refreshes > rounds &&
        report.revocations > 0,
      JSON.stringify(report),
    )
  })
}

test(`postgres: one of two nodes is killed, ${rounds} times, and nothing confirmed is lost`, {
  skip: postgres.skip,
  timeout: 3_600_000,
}, async (t) => {
  const report = await crashRounds({ environment: await postgres.prepare(t), rounds, nodes: 2 })
  t.diagnostic(JSON.stringify(report))
  assert.ok(
    report.rounds === rounds &&
      report.signUps > rounds &&
      report.refreshes > rounds &&
      report.revocations > 0,
    JSON.stringify(report),
  )
})
