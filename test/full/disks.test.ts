import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

const skip =
  process.getuid?.() === 0 && process.platform === 'linux'
    ? false
    : 'only root on Linux can mount a small disk'

/** A disk of its own, in memory. */
function mountDisk(t: TestContext, size: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sumun-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder])
  t.after(() => {
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

function fill(folder: string): string {
  const path = join(folder, 'filler')
  const { bavail, bsize } = statfsSync(folder)
  try {
    writeFileSync(path, Buffer.alloc(Number(bavail) * Number(bsize) + 1))
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
  }
  return path
}

async function untilReadyIs(url: string, status: number): Promise<void> {
  let last = 0
  for (let tries = 0; tries < 60; tries++) {
    last = (await fetch(`${url}/readyz`)).status
    if (last === status) return
    await wait(100)
  }
  assert.equal(last, status, 'readyz')
}

test('sqlite: a full disk loses nothing and confirms nothing; with free space it continues', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const data = mountDisk(t, '16m')
  const served = await serveProcess({ SUMUN_DATA: data, SUMUN_LOG_LEVEL: 'warn' })
  t.after(() => served.kill())
  const app = createClient(served.url)
  const user = await app.user()
  await untilReadyIs(served.url, 200)
  const filler = fill(data)
  const kept: string[] = []
  let refused = 0
  for (let n = 0; n < 60; n++) {
    const email = `person-${n}@example.com`
    const { status, body } = await app.post('/v1/accounts', { json: { email, password: user.password } })
    if (status === 201) kept.push(email)
    else {
      assert.deepEqual([status, body.code], [503, 'database_unavailable'])
      refused++
    }
  }
  assert.ok(refused > 0, 'the disk was not full')
  await untilReadyIs(served.url, 503)
  assert.equal((await app.get('/protected', { token: user.accessToken })).status, 200)
  assert.equal((await app.get('/healthz')).status, 200)
  rmSync(filler)
  await untilReadyIs(served.url, 200)
  for (const username of [user.email, ...kept])
    assert.equal(
      (await app.post('/login', { json: { username, password: user.password } })).status,
      200,
      username,
    )
  assert.equal(await served.terminate(), 0)
  const failures = served
    .stderr()
    .split('\n')
    .filter((line) => /SQLITE|disk is full|at .*sqlite/.test(line))
  assert.ok(failures.length < 12, `${failures.length} lines:\n${failures.slice(0, 3).join('\n')}`)
  const verified = await sumun(['audit', 'verify'], { environment: { SUMUN_DATA: data } })
  assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr)
})

test('sqlite: an import on a full disk stops with the reason, and continues where it was', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const data = mountDisk(t, '16m')
  const environment = { SUMUN_DATA: data }
  const file = join(mkdtempSync(join(tmpdir(), 'sumun-file-')), 'users.csv')
  t.after(() => rmSync(file))
  const rows = Array.from({ length: 40_000 }, (_, row) => `user${row},user${row}@example.com`)
  writeFileSync(file, `username,email\n${rows.join('\n')}\n`)
  const full = await sumun(['import', file, '--json'], { environment })
  assert.notEqual(full.exitCode, 0)
  assert.match(full.stdout + full.stderr, /database_unavailable|full/)
  execFileSync('mount', ['-o', 'remount,size=256m', data])
  const { json, stdout } = await sumun(['import', file, '--json'], { environment })
  assert.ok(json.resumed_at > 0 && json.resumed_at < rows.length, stdout)
  assert.deepEqual([json.new, json.skipped], [rows.length, 0])
  const verified = await sumun(['audit', 'verify'], { environment })
  assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr)
})

test('sqlite: a start on a read-only disk fails with the reason', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const data = mountDisk(t, '64m')
  const served = await serveProcess({ SUMUN_DATA: data, SUMUN_LOG_LEVEL: 'silent' })
  t.after(() => served.kill())
  const app = createClient(served.url)
  const user = await app.user()
  assert.equal((await fetch(`${served.url}/readyz`)).status, 200)
  await served.terminate()
  execFileSync('mount', ['-o', 'remount,ro', data])
  const started = await sumun(['start', '--port', '0'], { environment: { SUMUN_DATA: data } })
  assert.equal(started.exitCode, 3)
  assert.match(started.stderr, /read-only/i)
  assert.ok(started.stderr.includes(data), started.stderr)
  execFileSync('mount', ['-o', 'remount,rw', data])
  const again = await serveProcess({ SUMUN_DATA: data, SUMUN_LOG_LEVEL: 'silent' })
  t.after(() => again.kill())
  assert.equal(
    (
      await createClient(again.url).post('/login', {
        json: { username: user.email, password: user.password },
      })
    ).status,
    200,
  )
})
