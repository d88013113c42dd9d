import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { bcrypt, importingServer, totpSecret } from '../support/import.ts'
import { organisation } from '../support/organisations.ts'

for (const engine of engines)
  test(`${engine.name}: a policy is rehearsed against accounts before they come`, {
    skip: engine.skip,
  }, async (t) => {
    const { app, folder, write, run, signIn } = await importingServer(t, engine)
    const file = write(
      'users.csv',
      [
        'id,email,email_verified,username,disabled,password_hash,totp_secret',
        `1,both@example.com,true,both,,${bcrypt},${totpSecret}`,
        `2,one@example.com,true,one,,${bcrypt},`,
        `3,,,nameonly,,${bcrypt},`,
        `4,off@example.com,true,off,true,${bcrypt},`,
        `5,both@example.com,true,twin,,${bcrypt},`,
      ].join('\n'),
    )
    const loose = write('loose.json', '{"signIn":{"required":"aal1"}}')
    const strict = write('strict.json', '{"signIn":{"required":"aal2"},"counts":{"identifiers":[]}}')
    const lines = join(folder, 'lines.jsonl')
    const byPolicy = async (...words: string[]) => {
      const { exitCode, json, stderr } = await run(file, '--dry-run', '--report', lines, ...words)
      assert.equal(exitCode, 0, stderr)
      const each = readFileSync(lines, 'utf8').trim().split('\n')
      return { counts: json.outlooks, lines: each.map((line) => JSON.parse(line).outlook) }
    }
    // Who has a second factor is asked for it; the last row is skipped.
    assert.deepEqual(await byPolicy('--policy', loose), {
      counts: { aal2: 1, aal1: 2, disabled: 1 },
      lines: ['aal2', 'aal1', 'aal1', 'disabled', undefined],
    })
    assert.deepEqual(await byPolicy('--policy', strict), {
      counts: { aal2: 1, locked_out: 2, disabled: 1 },
      lines: ['aal2', 'locked_out', 'locked_out', 'disabled', undefined],
    })
    assert.deepEqual((await byPolicy()).counts, undefined)
    // What the organisation asks for counts too.
    await organisation(app, { slug: 'strict', policy: { phishingResistant: true } })
    assert.deepEqual((await byPolicy('--policy', loose, '--org', 'strict')).counts, {
      locked_out: 3,
      disabled: 1,
    })
    const page = join(folder, 'page.html')
    await run(file, '--dry-run', '--policy', strict, '--report', page)
    assert.match(readFileSync(page, 'utf8'), /they are locked out<\/th><td class="number">2/)
    assert.match((await run(file, '--policy', strict)).stdout, /--policy goes with --dry-run/)
    const wrong = write('wrong.json', '{"signIn":{"required":"aal9"}}')
    assert.notEqual((await run(file, '--dry-run', '--policy', wrong)).exitCode, 0)
    assert.equal((await signIn('one')).status, 400, 'nothing was written')
  })
