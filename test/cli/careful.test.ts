import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sumun } from '../support/sumun.ts'

test('an irreversible command asks at a terminal, and needs --yes in a script', async (t) => {
  const app = await server(t)
  const users = [await app.user(), await app.user()] as const
  const { environment } = app
  const added = (
    await sumun(['client', 'add', '--name', 'Shop', '--redirect-uri', 'https://shop.example/cb', '--json'], {
      environment,
    })
  ).json
  for (const words of [
    ['user', 'delete', users[0].accountId],
    ['client', 'remove', added.id],
  ]) {
    const refused = await sumun(words, { environment })
    assert.equal(refused.exitCode, 1)
    assert.match(refused.stderr, /--yes/)
  }
  const atTerminal = (answer: string) =>
    spawnSync(
      'script',
      [
        '-qec',
        `${process.execPath} ${join(import.meta.dirname, '../../bin/sumun.js')} user delete ${users[0].accountId}`,
        '/dev/null',
      ],
      { env: { PATH: process.env.PATH, ...environment }, input: `${answer}\n`, encoding: 'utf8' },
    )
  const no = atTerminal('n')
  assert.match(no.stdout, new RegExp(`${users[0].email}.*Continue\\?`))
  assert.equal((await sumun(['user', 'show', users[0].email], { environment })).exitCode, 0)
  atTerminal('y')
  assert.equal((await sumun(['user', 'show', users[0].email], { environment })).exitCode, 1)
  assert.equal((await sumun(['user', 'delete', users[1].accountId, '--yes'], { environment })).exitCode, 0)
  assert.equal((await sumun(['client', 'remove', added.id, '--yes'], { environment })).exitCode, 0)
})

test('a backup does not overwrite a file without the option', async (t) => {
  const { environment } = await server(t)
  const file = join(temporaryFolder(), 'backup.gz')
  writeFileSync(file, 'precious')
  const refused = await sumun(['backup', file], { environment })
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /exists already.*--overwrite/)
  assert.equal(readFileSync(file, 'utf8'), 'precious')
  assert.equal((await sumun(['backup', file, '--overwrite'], { environment })).exitCode, 0)
})

test('a restore without the key, or with a wrong one, writes nothing, and the right one then works', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const file = join(temporaryFolder(), 'backup.gz')
  await sumun(['backup', file], { environment: app.environment })
  const environment = await sqlite.prepare(t)
  const data = environment.SUMUN_DATA as string
  const without = await sumun(['restore', file], { environment })
  assert.deepEqual([without.exitCode, readdirSync(data)], [3, []])
  assert.match(without.stderr, /master key of its installation/)
  const wrong = await sumun(['restore', file], {
    environment: { ...environment, SUMUN_MASTER_KEY: 'q9Jv0mXh2Lw7ZsT4bYc1RkPdFeGa8NuQxV3oIiM5jWs' },
  })
  assert.equal(wrong.exitCode, 1)
  assert.match(wrong.stderr, /another master key/)
  assert.deepEqual(readdirSync(data), [])
  const key = readFileSync(join(app.environment.SUMUN_DATA as string, 'master.key'), 'utf8').trim()
  const right = await sumun(['restore', file], { environment: { ...environment, SUMUN_MASTER_KEY: key } })
  assert.equal(right.exitCode, 0, right.stderr)
  assert.equal(existsSync(join(data, 'master.key')), false)
  const found = await sumun(['user', 'show', user.email], {
    environment: { ...environment, SUMUN_MASTER_KEY: key },
  })
  assert.equal(found.exitCode, 0)
})
