import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { server } from '../support/fixture.ts'

// What the README says to paste is pasted, into a shell, as it stands but for the port.
const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

for (const file of ['README.md', 'README.ko.md']) {
  test(`${file}: the curl lines work as pasted`, async (t) => {
    const app = await server(t)
    const text = readFileSync(join(root, file), 'utf8')
    const [block] = [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
      .map(([, lines]) => lines as string)
      .filter((lines) => lines.includes('curl'))
    assert.ok(block)
    const { stdout } = await run('bash', ['-euc', block.replaceAll('http://localhost:8000', app.url)])
    const objects = stdout.split(/(?<=\})(?=\{)/).map((json) => JSON.parse(json))
    assert.equal(objects.length, 4)
    const [signUp, success, me, sessions] = objects
    assert.match(signUp.account.id, /^acc_/)
    assert.deepEqual(success, { message: 'Success' })
    assert.equal(me.email, 'minji@example.com')
    assert.equal(sessions.sessions.length, 2)
  })

  test(`${file}: begins with the two commands, and its links exist`, () => {
    const text = readFileSync(join(root, file), 'utf8')
    const [first] = /```sh\n([\s\S]*?)```/.exec(text)?.slice(1) ?? []
    assert.deepEqual(
      first
        ?.trim()
        .split('\n')
        .map((line) => line.split('#')[0]?.trim()),
      ['npm ci && npm start', 'npm ci && npm test'],
    )
    for (const [, path] of text.matchAll(/(?:\]\(|src=")((?:docs\/)?[\w.-]+\/?[\w.-]*\.(?:md|png))/g))
      readFileSync(join(root, path as string))
  })
}
