import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import { postgres } from '../support/engines.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
const missing = library === undefined || !existsSync(library) ? 'faketime is not installed' : false

/** What a process takes for the time of day; how long things take it measures as ever. */
const clockOff = (seconds: number): Record<string, string> => ({
  LD_PRELOAD: library as string,
  FAKETIME: `${seconds >= 0 ? '+' : ''}${seconds}`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  FAKETIME_DONT_RESET: '1',
})

for (const seconds of [90, -90, 3600, -3600])
  test(`postgres: a node whose clock is off by ${seconds} s works with the others`, {
    skip: postgres.skip || missing,
    timeout: 90_000,
  }, async (t) => {
    const environment = { ...(await postgres.prepare(t)), SUMUN_ISSUER: 'http://localhost:8000' }
    const [right, off] = await Promise.all([
      serveProcess(environment),
      serveProcess({ ...environment, ...clockOff(seconds) }),
    ])
    t.after(() => Promise.all([right.kill(), off.kill()]))
    const [a, b] = [createClient(right.url), createClient(off.url)]
    for (const [here, there] of [
      [a, b],
      [b, a],
    ] as const) {
      const user = await here.user()
      for (const node of [here, there])
        assert.equal((await node.get('/protected', { token: user.accessToken })).status, 200)
      // A lost reply, asked for again at the other node: within the grace it is the same successor.
      const first = await here.post('/refresh', { json: { refresh_token: user.refreshToken } })
      const again = await there.post('/refresh', { json: { refresh_token: user.refreshToken } })
      assert.deepEqual(
        [first.status, again.status, again.body.refresh_token],
        [200, 200, first.body.refresh_token],
      )
      assert.equal(
        (await here.post('/logout', { json: { refresh_token: first.body.refresh_token } })).status,
        204,
      )
      await wait(1000)
      for (const token of [user.accessToken, first.body.access_token])
        assert.equal((await there.get('/protected', { token })).status, 401)
      const wrong = await there.post('/login', { json: { username: user.email, password: 'wrong' } })
      assert.equal(wrong.status, 400)
      assert.equal(
        (await here.post('/login', { json: { username: user.email, password: user.password } })).status,
        200,
      )
    }
    const told = (await b.get('/readyz')).body.clock_offset_seconds
    assert.ok(Math.abs(told - seconds) < 5, String(told))
    const doctor = await sumun(['doctor', '--json'], {
      environment: { ...environment, ...clockOff(seconds) },
    })
    const clock = doctor.json.findings.find(({ check }: { check: string }) => check === 'clock')
    assert.deepEqual([doctor.exitCode, clock.verdict], [4, 'fault'])
  })
