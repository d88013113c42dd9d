import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { changeDatabase } from '../support/change-database.ts'
import { goodPassword } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sumun } from '../support/sumun.ts'

// Keys, backups, the audit log and the doctor, beside a running server.
for (const engine of engines) {
  test(`${engine.name}: a rotated key signs, and tokens of the former key stay valid until they expire`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { environment } = app
    const { accessToken, refreshToken } = await app.user()
    const kidOf = (token: string): string =>
      JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid
    const published = async (): Promise<string[]> =>
      (await app.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)
    const before = await published()
    assert.equal(before.length, 2)
    const rotated = await sumun(['key', 'rotate', '--json'], { environment })
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    await app.running.engine.keyRing.load() // the server does so by itself every few seconds
    assert.deepEqual(
      (await published()).sort(),
      rotated.json.keys.map(({ kid }: { kid: string }) => kid).sort(),
    )
    assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
    const { body } = await app.post('/refresh', { json: { refresh_token: refreshToken } })
    assert.equal(
      kidOf(body.access_token),
      before.find((kid) => kid !== kidOf(accessToken)),
    ) // `next` was published before it signed
    assert.equal((await app.get('/protected', { token: body.access_token })).status, 200)
    const { keys } = (await sumun(['key', 'list', '--json'], { environment })).json
    assert.deepEqual(keys.map(({ state }: { state: string }) => state).sort(), [
      'current',
      'next',
      'previous',
    ])
  })

  test(`${engine.name}: changed, missing, cut off and emptied audit lines are detected`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { environment } = app
    for (let round = 0; round < 3; round++) await app.user()
    const verify = async () => (await sumun(['audit', 'verify', '--json'], { environment })).json
    assert.equal((await sumun(['audit', 'verify'], { environment })).exitCode, 0)
    const damages: [string, string, string][] = [
      [
        `UPDATE event SET outcome = 'failure' WHERE seq = 3`,
        `UPDATE event SET outcome = 'success' WHERE seq = 3`,
        'changed',
      ],
      [`UPDATE event SET actor = 'acc_x' WHERE seq = 1`, '', 'changed'],
    ]
    for (const [damage, fix, reason] of damages) {
      await changeDatabase(environment, damage)
      const found = await verify()
      assert.equal(found.intact, false)
      assert.equal(found.fault.reason, reason)
      if (fix) {
        await changeDatabase(environment, fix)
        assert.equal((await verify()).intact, true)
      }
    }
  })

  for (const [what, damage, reason] of [
    ['a missing line', 'DELETE FROM event WHERE seq = 3', 'missing'],
    ['missing last lines', 'DELETE FROM event WHERE seq > 3', 'end_missing'],
    [
      'changed details',
      `UPDATE event SET details = '{"source":"10.0.0.1"}' WHERE seq = 4`,
      'details_changed',
    ],
    ['emptied details', `UPDATE event SET details = NULL WHERE seq = 4`, 'details_missing'],
  ] as const) {
    test(`${engine.name}: audit verify finds ${what}`, { skip: engine.skip }, async (t) => {
      const app = await server(t, { engine })
      for (let round = 0; round < 3; round++) await app.user()
      await app.running.engine.audit.seal()
      await changeDatabase(app.environment, damage)
      const found = await sumun(['audit', 'verify', '--json'], { environment: app.environment })
      assert.equal(found.exitCode, 4)
      assert.equal(found.json.fault.reason, reason)
    })
  }

  test(`${engine.name}: a backup made during writes restores into an empty installation, where all users sign in again`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const kim = await app.user()
    const folder = temporaryFolder()
    const file = join(folder, 'backup.gz')
    const signUps = Promise.all(Array.from({ length: 30 }, () => app.user()))
    const made = await sumun(['backup', file, '--json'], { environment: app.environment })
    assert.equal(made.exitCode, 0, made.stderr)
    await signUps
    assert.equal(statSync(file).mode & 0o777, 0o600)

    const SUMUN_MASTER_KEY = readFileSync(
      join(app.environment.SUMUN_DATA as string, 'master.key'),
      'utf8',
    ).trim()
    const elsewhere = { ...(await engine.prepare(t)), SUMUN_MASTER_KEY }
    const restored = await sumun(['restore', file, '--json'], { environment: elsewhere })
    assert.equal(restored.exitCode, 0, restored.stdout + restored.stderr)
    assert.equal(restored.json.rows, made.json.rows)
    assert.equal((await sumun(['audit', 'verify'], { environment: elsewhere })).exitCode, 0)
    // it is not empty any more
    assert.equal((await sumun(['restore', file], { environment: elsewhere })).exitCode, 1)
    const copy = await server(t, { environment: elsewhere, settings: { SUMUN_ISSUER: app.url } })
    assert.equal((await copy.post('/refresh', { json: { refresh_token: kim.refreshToken } })).status, 401)
    assert.equal((await copy.get('/protected', { token: kim.accessToken })).status, 401)
    assert.equal(
      (await copy.post('/login', { json: { username: kim.email, password: kim.password } })).status,
      200,
    )
  })
}

test('a backup that was changed, truncated, or sealed with another master key is not restored', async (t) => {
  const app = await server(t)
  await app.user()
  const folder = temporaryFolder()
  const file = join(folder, 'backup.gz')
  await sumun(['backup', file], { environment: app.environment })
  const SUMUN_MASTER_KEY = readFileSync(
    join(app.environment.SUMUN_DATA as string, 'master.key'),
    'utf8',
  ).trim()
  const whole = readFileSync(file)
  const { gunzipSync, gzipSync } = await import('node:zlib')
  const text = gunzipSync(whole).toString()
  const faults: Record<string, Buffer> = {
    changed: gzipSync(text.replace('"member"', '"operator"')),
    'a line less': gzipSync(text.split('\n').toSpliced(4, 1).join('\n')),
    cut: gzipSync(text.slice(0, -200)),
    'half a file': whole.subarray(0, whole.length / 2),
    'no backup': Buffer.from('hello'),
  }
  for (const [what, bytes] of Object.entries(faults)) {
    writeFileSync(file, bytes)
    const environment = { ...(await sqlite.prepare(t)), SUMUN_MASTER_KEY }
    const refused = await sumun(['restore', file], { environment })
    assert.equal(refused.exitCode, 1, what)
    assert.deepEqual((await sumun(['user', 'list', '--json'], { environment })).json.accounts, [], what)
  }
  writeFileSync(file, whole)
  const another = { ...(await sqlite.prepare(t)), SUMUN_MASTER_KEY: randomBytes(32).toString('base64url') }
  const other = await sumun(['restore', file], { environment: another })
  assert.equal(other.exitCode, 1)
  assert.match(other.stderr, /master key/)
})

test('the doctor reports what is wrong and how to fix it', async (t) => {
  const environment = await sqlite.prepare(t)
  await sumun(['user', 'add', '--username', 'op', '--operator', '--password-stdin'], {
    environment,
    input: goodPassword,
  })
  assert.equal((await sumun(['doctor'], { environment })).exitCode, 0)
  const key = join(environment.SUMUN_DATA as string, 'master.key')
  assert.equal(statSync(key).mode & 0o777, 0o600)
  chmodSync(key, 0o644)
  const found = await sumun(['doctor', '--json', '--issuer', 'http://id.example.com'], { environment })
  assert.equal(found.exitCode, 4)
  const faults = found.json.findings.filter(({ verdict }: { verdict: string }) => verdict === 'fault')
  assert.deepEqual(
    faults.map(({ check }: { check: string }) => check),
    ['issuer', 'files'],
  )
  assert.ok(faults.every(({ fix }: { fix: string }) => fix.length > 0))
})

test('a database does not open with another master key', async (t) => {
  const environment = await sqlite.prepare(t)
  await sumun(['migrate'], { environment })
  const refused = await sumun(['migrate'], {
    environment: { ...environment, SUMUN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url') },
  })
  assert.equal(refused.exitCode, 3)
  assert.match(refused.stderr, /another master key/)
})

test('a database of a newer version, or with a changed migration, is not changed', async (t) => {
  for (const [statement, says] of [
    [`INSERT INTO schema_migration VALUES (999, 'later', 'x', 0)`, /newer version/],
    [`UPDATE schema_migration SET checksum = 'x' WHERE id = 1`, /was changed/],
  ] as const) {
    const environment = await sqlite.prepare(t)
    await sumun(['migrate'], { environment })
    await changeDatabase(environment, statement)
    const refused = await sumun(['migrate'], { environment })
    assert.equal(refused.exitCode, 1)
    assert.match(refused.stderr, says)
  }
})
