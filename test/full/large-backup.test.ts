import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sumun } from '../support/sumun.ts'

const people = 450 // more than two lots of what is written at once, and not a whole number of them

for (const from of engines)
  for (const to of engines)
    test(`${from.name} to ${to.name}: a backup larger than one batch is restored to the last row`, {
      skip: from.skip || to.skip,
      timeout: 120_000,
    }, async (t) => {
      const app = await server(t, { engine: from })
      const users = []
      for (let lot = 0; lot < people / 50; lot++)
        users.push(...(await Promise.all(Array.from({ length: 50 }, () => app.user()))))
      await app.running.engine.audit.seal()
      const folder = temporaryFolder()
      const file = join(folder, 'backup.gz')
      const made = (await sumun(['backup', file, '--json'], { environment: app.environment })).json
      const SUMUN_MASTER_KEY = readFileSync(
        join(app.environment.SUMUN_DATA as string, 'master.key'),
        'utf8',
      ).trim()
      const environment = { ...(await to.prepare(t)), SUMUN_MASTER_KEY }
      const restored = await sumun(['restore', file, '--json'], { environment })
      assert.equal(restored.exitCode, 0, restored.stderr)
      assert.equal(restored.stderr, '')
      assert.equal(restored.json.rows, made.rows)
      const list = (await sumun(['user', 'list', '--limit', '1000', '--json'], { environment })).json
      assert.deepEqual([list.accounts.length, list.next], [people, null])
      assert.equal((await sumun(['audit', 'verify'], { environment })).exitCode, 0)
      const copy = await server(t, { environment })
      for (const { email, password } of [users[0], users[200], users[people - 1]] as typeof users)
        assert.equal((await copy.post('/login', { json: { username: email, password } })).status, 200)
    })
