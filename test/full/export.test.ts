import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { goodPassword } from '../support/client.ts'
import { postgres, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { bcrypt, importedPassword, totpSecret } from '../support/import.ts'
import { asOperator } from '../support/operator.ts'
import { sumun } from '../support/sumun.ts'
import { authenticatorApp, enrolMethod, enrolTotp } from '../support/users.ts'

// Everything that belongs to accounts goes out and comes back, from either engine to either.
const pick = <Value>(values: readonly Value[]) => fc.constantFrom(...values)
const anyAccount = fc.record({
  email: fc.option(
    fc.uuid().map((text) => `u${text}@example.com`),
    { nil: '' },
  ),
  email_verified: fc.boolean(),
  username: fc.uuid().map((text) => `n${text}`),
  name: fc.option(fc.string({ unit: 'grapheme', maxLength: 60 }), { nil: '' }),
  locale: pick(['ko', 'en', 'ja', 'fr', 'xx']),
  disabled: fc.boolean(),
  created_at: fc
    .date({ min: new Date(0), max: new Date('2025-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  password_hash: pick(['', bcrypt]),
  totp_secret: pick(['', totpSecret]),
})

for (const [from, to] of [
  [sqlite, postgres],
  [postgres, sqlite],
] as const)
  test(`${from.name} → ${to.name}: a round trip loses nothing`, {
    skip: from.skip || to.skip,
  }, async (t) => {
    const folder = temporaryFolder()
    const source = await server(t, { engine: from })
    const cli = (...words: string[]) => sumun([...words, '--json'], { environment: source.environment })
    const rows = fc.sample(anyAccount, 300)
    const given = join(folder, 'given.jsonl')
    writeFileSync(given, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    assert.equal((await cli('org', 'add', 'acme', '--name', 'Acme')).exitCode, 0)
    assert.equal((await cli('org', 'domain', 'add', 'acme', 'acme.example')).exitCode, 0)
    const imported = await cli('import', given, '--org', 'acme')
    assert.equal(imported.json.new, rows.length, imported.stdout)
    const operator = await asOperator(source)
    const { accessToken, accountId } = await source.user({ email: 'rich@example.com' })
    const app = await enrolTotp(source, accessToken)
    await enrolMethod(source, accessToken, 'recovery-code', () => ({ codes_saved: true })).catch(
      () => undefined,
    )
    assert.equal((await cli('user', 'add', '--username', 'robot', '--service')).exitCode, 0)
    assert.equal((await cli('user', 'issue-key', 'robot', '--name', 'ci')).exitCode, 0)

    const [out, back, third] = ['out', 'back', 'third'].map((name) => join(folder, `${name}.jsonl`)) as [
      string,
      string,
      string,
    ]
    const exported = await cli('export', out)
    assert.equal(exported.exitCode, 0, exported.stdout)
    assert.equal(statSync(out).mode & 0o777, 0o600)
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    assert.equal(exported.json.accounts, imported.json.new + 3)
    const accounts = lines.map((line) => JSON.parse(line)).filter(({ account }) => account)
    assert.equal(accounts.length, exported.json.accounts, 'the counts agree')

    const target = await server(t, { engine: to })
    const there = (...words: string[]) => sumun([...words, '--json'], { environment: target.environment })
    const foretold = await there('import', out, '--roles', '--dry-run')
    const came = await there('import', out, '--roles')
    assert.deepEqual(
      [came.json.new, came.json.skipped, came.json.warnings],
      [exported.json.accounts, 0, {}],
      came.stdout,
    )
    assert.deepEqual({ ...foretold.json, dry_run: false, import: null }, { ...came.json, import: null })
    await there('export', back)
    const comparable = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)
    assert.deepEqual(comparable(back), comparable(out))

    // An account twice in a file, also one without a name, is one.
    const service = lines.find((line) => line.includes('"kind":"service"'))
    writeFileSync(third, [...lines.slice(0, 3), service, service, lines.at(-1)].join('\n'))
    const empty = await server(t, { engine: to })
    const twice = await sumun(['import', third, '--json'], { environment: empty.environment })
    assert.equal(twice.json.reasons.same_as_earlier_line, 1, twice.stdout)

    // Again, it changes nothing; cut off, or without --roles, it says so.
    assert.equal((await there('import', out, '--roles', '--join')).json.new, 0)
    writeFileSync(third, lines.slice(0, -1).join('\n'))
    assert.equal((await there('import', third)).exitCode, 1)

    const signIn = (username: string, password: string, code?: string) =>
      target.post('/login', { json: { username, password, ...(code && { code }) } })
    target.clock.advance(600_000) // past the last code that was used there
    const code = app.codeAt(target.clock.now())
    assert.equal((await signIn('rich@example.com', goodPassword, code)).status, 200)
    const old = rows.find((row) => row.password_hash !== '' && row.totp_secret === '' && !row.disabled)
    assert.equal((await signIn(old?.username ?? '', importedPassword)).status, 200)
    const shown = await there('user', 'show', accountId)
    assert.equal(shown.json.id, accountId)
    assert.equal((await there('user', 'show', 'root-of-all')).json.role, 'operator')
    assert.ok(operator)

    const one = join(folder, 'one.jsonl')
    assert.equal((await cli('export', one, '--user', 'rich@example.com')).json.accounts, 1)
    const members = join(folder, 'members.jsonl')
    assert.equal((await cli('export', members, '--org', 'acme')).json.accounts, imported.json.new)
    assert.equal((await cli('export', members)).exitCode, 1, 'an existing file is not replaced')
  })

test('an export for Keycloak is a realm, with hashes that verify by its rules', async (t) => {
  const folder = temporaryFolder()
  const source = await server(t)
  const { accessToken } = await source.user({ email: 'rich@example.com', username: 'rich', name: '김리치' })
  await enrolTotp(source, accessToken)
  const realm = join(folder, 'realm.json')
  const environment = source.environment
  const exported = await sumun(['export', realm, '--to', 'keycloak', '--json'], { environment })
  assert.equal(exported.json.accounts, 1, exported.stdout)
  const { users } = JSON.parse(readFileSync(realm, 'utf8'))
  assert.deepEqual(
    users.map(({ username, email, emailVerified, enabled }: never) => ({
      username,
      email,
      emailVerified,
      enabled,
    })),
    [{ username: 'rich', email: 'rich@example.com', emailVerified: false, enabled: true }],
  )
  // Our own reader takes files of Keycloak itself, and verifies what they hold.
  const target = await server(t)
  const came = await sumun(['import', realm, '--json'], { environment: target.environment })
  assert.deepEqual([came.json.source, came.json.new, came.json.warnings], ['keycloak', 1, {}])
  const [, otp] = users[0].credentials
  const secret = JSON.parse(otp.secretData).value
  const code = authenticatorApp(secret).codeAt(target.clock.now())
  const json = { username: 'rich', password: goodPassword, code }
  assert.equal((await target.post('/login', { json })).status, 200)
})
