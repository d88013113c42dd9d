import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { postgres } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/postgres.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

const bouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path))
const skip = postgres.skip

async function onCluster(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function temporaryDatabase(t: TestContext, options = ''): Promise<string> {
  const name = `sumun_${randomBytes(6).toString('hex')}`
  await onCluster(`CREATE DATABASE ${name} ${options}`)
  t.after(() => onCluster(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  return name
}

/** Debian's PgBouncer, in transaction mode, with few connections, so that clients share them. */
async function startBouncer(t: TestContext, settings: string): Promise<string> {
  const folder = temporaryFolder()
  const port = await freePort()
  const { hostname, port: behind } = new URL(process.env.TEST_POSTGRES_URL as string)
  const configuration = join(folder, 'pgbouncer.ini')
  writeFileSync(
    configuration,
    `[databases]\n* = host=${hostname} port=${behind} user=sumun\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 200\n${settings}\n`,
  )
  chmodSync(folder, 0o755)
  const isRoot = process.getuid?.() === 0
  const child = spawn(bouncer as string, [...(isRoot ? ['-u', 'nobody'] : []), '-q', configuration], {
    stdio: 'ignore',
  })
  t.after(() => child.kill('SIGKILL'))
  for (let tries = 0; tries < 100; tries++) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'sumun', database: 'postgres' })
    try {
      await client.connect()
      await client.end()
      return `postgres://sumun@127.0.0.1:${port}`
    } catch {
      await wait(50)
    }
  }
  throw new Error('PgBouncer did not start')
}

for (const settings of [
  '',
  'ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout,application_name',
])
  test(`postgres: everything works behind PgBouncer in transaction mode (${settings || 'as Debian has it'})`, {
    skip: skip || (bouncer ? false : 'PgBouncer is not installed'),
    timeout: 90_000,
  }, async (t) => {
    const url = `${await startBouncer(t, settings)}/${await temporaryDatabase(t)}`
    const environment = { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url }
    const [one, other] = [
      await server(t, { environment }),
      await server(t, { environment, settings: { SUMUN_ISSUER: 'http://localhost:1' } }),
    ]
    const users = await Promise.all(Array.from({ length: 20 }, () => one.user()))
    const calls = users.flatMap((user) => [
      one.post('/login', { json: { username: user.email, password: user.password } }),
      one.post('/refresh', { json: { refresh_token: user.refreshToken } }),
      one.get('/v1/me', { token: user.accessToken }),
      other.post('/login', { json: { username: user.email, password: user.password } }),
      one.get('/oauth/device'),
    ])
    assert.deepEqual(new Set((await Promise.all(calls)).map(({ status }) => status)), new Set([200]))
    const file = join(environment.SUMUN_DATA, 'backup.gz')
    assert.equal((await sumun(['backup', file], { environment })).exitCode, 0)
    assert.notEqual((await sumun(['doctor'], { environment })).exitCode, 1)
  })

test('postgres: a database that is not in UTF-8 is refused with a message, by the server and by the doctor', {
  skip,
}, async (t) => {
  const name = await temporaryDatabase(t, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
  const url = new URL(process.env.TEST_POSTGRES_URL as string)
  url.pathname = `/${name}`
  const environment = { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url.href }
  for (const words of [['start', '--port', '0'], ['doctor'], ['migrate']]) {
    const refused = await sumun(words, { environment })
    assert.equal(refused.exitCode, 3, words[0])
    assert.match(refused.stderr, /LATIN1.*ENCODING 'UTF8'/s)
  }
})

test('postgres: without TLS at the server, sslmode is what libpq makes of it', { skip }, async (t) => {
  const { SUMUN_DATABASE_URL = '' } = await postgres.prepare(t)
  const run = (mode: string) => {
    const url = new URL(SUMUN_DATABASE_URL)
    if (mode !== '') url.searchParams.set('sslmode', mode)
    return sumun(['migrate'], {
      environment: { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url.href },
    })
  }
  for (const mode of ['', 'disable', 'allow', 'prefer']) {
    const done = await run(mode)
    // Each has a data folder, and so a key, of its own; the first one's database is refused to the others,
    // which have reached it.
    assert.ok(
      done.exitCode === 0 || /another master key|master key of this database is missing/.test(done.stderr),
      `${mode}: ${done.stderr}`,
    )
    assert.doesNotMatch(done.stderr, /warning/i)
  }
  for (const mode of ['require', 'verify-ca', 'verify-full']) {
    const refused = await run(mode)
    assert.equal(refused.exitCode, 1, mode)
    assert.match(refused.stderr, /SSL|sslrootcert/, mode)
  }
  const unknown = await run('maybe')
  assert.deepEqual([unknown.exitCode, /sslmode=maybe: must be one of/.test(unknown.stderr)], [3, true])
})

test('postgres: every command reports why the database cannot be reached', {
  skip,
}, async () => {
  const cluster = new URL(process.env.TEST_POSTGRES_URL as string)
  const closed = await freePort()
  for (const [url, says] of [
    [`postgres://sumun@127.0.0.1:${closed}/postgres`, /ECONNREFUSED/],
    [`postgres://sumun@${cluster.host}/nowhere`, /"nowhere" does not exist/],
    [`postgres://nobody@${cluster.host}/postgres`, /"nobody" does not exist/],
    ['postgres://sumun@no-such-host.invalid/postgres', /ENOTFOUND|EAI_AGAIN/],
  ] as const)
    for (const words of [['user', 'list'], ['doctor'], ['start', '--port', '0']]) {
      const failed = await sumun(words, {
        environment: { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url },
      })
      assert.notEqual(failed.exitCode, 0)
      assert.match(failed.stderr, says, `${words[0]} ${url}`)
    }
})

test('postgres: a node waits for another one that migrates', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const url = new URL(process.env.TEST_POSTGRES_URL as string)
  url.pathname = `/${await temporaryDatabase(t)}`
  const other = new pg.Client({ connectionString: url.href })
  await other.connect()
  await other.query('BEGIN; SELECT pg_advisory_xact_lock(1400204661)') // "Sumu"
  const migrating = sumun(['migrate'], {
    environment: { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url.href },
  })
  await wait(8000)
  await other.query('COMMIT')
  await other.end()
  const { exitCode, stderr } = await migrating
  assert.equal(exitCode, 0, stderr)
})

test('several processes that fail to start end with the reason, and so do stopped ones', {
  skip,
  timeout: 180_000,
}, async () => {
  const away = `postgres://sumun@127.0.0.1:${await freePort()}/postgres`
  for (const environment of [{ SUMUN_DATABASE_URL: away }, { SUMUN_MASTER_KEY: 'wrong' }] as Record<
    string,
    string
  >[]) {
    const failed = await sumun(['start', '--port', '0', '--workers', '2'], {
      environment: { SUMUN_DATA: temporaryFolder(), ...environment },
    })
    assert.notEqual(failed.exitCode, 0)
    assert.match(failed.stderr, /ECONNREFUSED|SUMUN_MASTER_KEY/)
  }
})

test('a fresh SQLite file opens for several processes at once', {
  timeout: 120_000,
}, async () => {
  for (let round = 0; round < 12; round++) {
    const served = await serveProcess({ SUMUN_DATA: temporaryFolder(), SUMUN_WORKERS: '3' })
    assert.equal(await served.terminate(), 0)
  }
})

test('postgres: readyz reports a read-only database, as after a failover to a replica, and serving resumes', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const name = await temporaryDatabase(t)
  const url = new URL(process.env.TEST_POSTGRES_URL as string)
  url.pathname = `/${name}`
  const app = await server(t, {
    environment: { SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: url.href },
  })
  const user = await app.user()
  const readOnly = async (setting: 'on' | 'off') => {
    await onCluster(`ALTER DATABASE ${name} SET default_transaction_read_only = ${setting}`)
    await onCluster(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  }
  const untilReadyIs = async (status: number) => {
    for (let tries = 0; tries < 50 && (await app.get('/readyz')).status !== status; tries++) await wait(100)
    assert.equal((await app.get('/readyz')).status, status)
  }
  const signIn = () => app.post('/login', { json: { username: user.email, password: user.password } })
  await readOnly('on')
  await untilReadyIs(503)
  const refused = await signIn()
  assert.deepEqual([refused.status, refused.body.code], [503, 'database_unavailable'])
  assert.equal((await app.get('/v1/me', { token: user.accessToken })).status, 200)
  await readOnly('off')
  await untilReadyIs(200)
  assert.equal((await signIn()).status, 200)
})
