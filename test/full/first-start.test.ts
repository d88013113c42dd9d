import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, createClient, type Reply } from '../support/client.ts'
import { postgres, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/postgres.ts'
import { signInsTaken } from '../support/sign-ins-taken.ts'
import { serveProcess, sumun } from '../support/sumun.ts'

const randomKey = (): string => randomBytes(32).toString('base64url')

test('in Kubernetes, the variables of a service called sumun are not settings', async (t) => {
  const served = await serveProcess(
    {
      ...(await sqlite.prepare(t)),
      SUMUN_SERVICE_HOST: '10.0.0.1',
      SUMUN_SERVICE_PORT: '8000',
      SUMUN_SERVICE_PORT_HTTP: '8000',
      SUMUN_PORT: 'tcp://10.0.0.1:8000',
      SUMUN_PORT_8000_TCP: 'tcp://10.0.0.1:8000',
      SUMUN_PORT_8000_TCP_PROTO: 'tcp',
      SUMUN_PORT_8000_TCP_PORT: '8000',
      SUMUN_PORT_8000_TCP_ADDR: '10.0.0.1',
      SUMUN_WEB_SERVICE_HOST: '10.0.0.2',
      SUMUN_WEB_PORT: 'tcp://10.0.0.2:80',
    },
    ['--port', '0'],
  )
  t.after(() => served.kill())
  assert.equal((await createClient(served.url).get('/readyz')).status, 200)
  const wrong = await sumun(['user', 'list'], {
    environment: { ...(await sqlite.prepare(t)), SUMUN_PORTS: '1' },
  })
  assert.equal(wrong.exitCode, 3)
})

test('postgres: with a master key and no data folder, the folder is created when it is first needed', {
  skip: postgres.skip,
}, async (t) => {
  const data = join(temporaryFolder(), 'deep', 'data')
  const environment = { ...(await postgres.prepare(t)), SUMUN_DATA: data, SUMUN_MASTER_KEY: randomKey() }
  const served = await serveProcess(environment)
  t.after(() => served.kill())
  await createClient(served.url).user()
  for (let tries = 0; tries < 60 && !existsSync(join(data, 'audit-anchor.json')); tries++) await wait(100)
  assert.equal(statSync(data).mode & 0o777, 0o700)
  assert.equal(statSync(join(data, 'audit-anchor.json')).mode & 0o777, 0o600)
  assert.doesNotMatch(served.stderr(), /failed/)
})

test('a first start with a master key and no data folder creates the folder, for its owner only', async () => {
  const data = join(temporaryFolder(), 'deep', 'data')
  const served = await serveProcess({ SUMUN_DATA: data, SUMUN_MASTER_KEY: randomKey() })
  await served.terminate()
  assert.equal(statSync(data).mode & 0o777, 0o700)
  assert.equal(statSync(join(data, 'sumun.sqlite')).mode & 0o777, 0o600)
  assert.equal(existsSync(join(data, 'master.key')), false)
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, 'no folder')
  const refused = await sumun(['migrate'], {
    environment: { SUMUN_DATA: join(file, 'data'), SUMUN_MASTER_KEY: randomKey() },
  })
  assert.equal(refused.exitCode, 3)
  assert.match(refused.stderr, new RegExp(`${file}.*ENOTDIR`))
  const taken = temporaryFolder()
  mkdirSync(join(taken, 'sumun.sqlite'))
  const isFolder = await sumun(['migrate'], {
    environment: { SUMUN_DATA: taken, SUMUN_MASTER_KEY: randomKey() },
  })
  assert.equal(isFolder.exitCode, 3)
  assert.match(isFolder.stderr, /sumun\.sqlite: cannot be opened/)
})

/** Sign-ins that have reached the server, and are hashing or wait for it. */
async function loginsUnderWay(app: Client): Promise<Promise<Reply>[]> {
  const { email, password } = await app.user()
  const pending = Array.from({ length: 20 }, () =>
    app.post('/login', { json: { username: email, password } }),
  )
  while ((await signInsTaken(app)) < pending.length) await wait(5)
  return pending
}

test('SIGHUP drains like SIGTERM; SIGUSR1 and SIGUSR2 do nothing', async (t) => {
  for (const workers of ['1', '2']) {
    const served = await serveProcess({ ...(await sqlite.prepare(t)), SUMUN_WORKERS: workers })
    const app = createClient(served.url)
    const children = spawnSync('pgrep', ['-P', String(served.pid)], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
    const pids = [...children.map(Number), served.pid]
    for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) for (const pid of pids) process.kill(pid, signal)
    await wait(300)
    assert.doesNotMatch(served.stderr(), /Debugger listening/)
    assert.equal((await app.get('/readyz')).status, 200)
    const pending = workers === '1' ? await loginsUnderWay(app) : []
    process.kill(served.pid, 'SIGHUP')
    assert.deepEqual(
      new Set((await Promise.all(pending)).map(({ status }) => status)),
      new Set(workers === '1' ? [200] : []),
    )
    assert.equal(await served.exited, 0)
  }
})

test('without an issuer the server is localhost, whatever address it listens on', async (t) => {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const environment = {
      ...(await sqlite.prepare(t)),
      SUMUN_HOST: host,
      SUMUN_PORT: String(await freePort()),
    }
    const served = await serveProcess(environment)
    assert.equal(served.url, `http://localhost:${environment.SUMUN_PORT}`)
    const { body } = await createClient(served.url).get('/.well-known/openid-configuration')
    assert.equal(body.issuer, served.url)
    const invited = await sumun(['user', 'invite', '--json'], { environment })
    assert.match(invited.stdout, new RegExp(served.url), invited.stderr)
    await served.terminate()
  }
})

test('at an IP address no passkey is offered, and the doctor says why', async (t) => {
  const app = await server(t, { settings: { SUMUN_ISSUER: 'http://127.0.0.1:8000' } })
  const user = await app.user()
  assert.doesNotMatch(
    (await app.get('/signin', { headers: { accept: 'text/html' } })).body,
    /data-ask|passkey/i,
  )
  assert.ok(
    [404, 405].includes(
      (await app.post('/v1/me/credentials/passkey', { token: user.accessToken, json: {} })).status,
    ),
  )
  const attempt = await app.post('/v1/attempts', { json: { purpose: 'sign-in', login_hint: user.email } })
  assert.ok(
    attempt.body.offers.every(({ method }: { method: string }) => method !== 'passkey'),
    JSON.stringify(attempt.body.offers),
  )
  const found = await sumun(['doctor', '--json', '--issuer', 'http://127.0.0.1:8000'], {
    environment: app.environment,
  })
  const finding = found.json.findings.find(({ check }: { check: string }) => check === 'passkey')
  assert.match(finding.detail, /127\.0\.0\.1/)
})

test('a guessable master key is refused, and a lost one is not replaced', async (t) => {
  const guessable = {
    zeros: Buffer.alloc(32),
    repeated: Buffer.alloc(32, 0xa7),
    'a pattern': Buffer.from('0123456789abcdef'.repeat(2)),
    counting: Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
    'a sentence': Buffer.from('this is the secret of my server!'),
    words: Buffer.from('correct-horse-battery-staple-and-some-moreA', 'base64url'),
    digits: Buffer.from(`${'1234567890314159265358979323846264338327950'.slice(0, 42)}A`, 'base64url'),
  }
  for (const [what, bytes] of Object.entries(guessable)) {
    const refused = await sumun(['migrate'], {
      environment: { ...(await sqlite.prepare(t)), SUMUN_MASTER_KEY: bytes.toString('base64url') },
    })
    assert.equal(refused.exitCode, 3, what)
    assert.match(refused.stderr, /can be guessed/, what)
  }
  for (let round = 0; round < 5; round++)
    assert.equal(
      (
        await sumun(['migrate'], {
          environment: { ...(await sqlite.prepare(t)), SUMUN_MASTER_KEY: randomKey() },
        })
      ).exitCode,
      0,
    )
  const environment = await sqlite.prepare(t)
  await sumun(['migrate'], { environment })
  const key = join(environment.SUMUN_DATA as string, 'master.key')
  chmodSync(key, 0o644)
  const served = await serveProcess(environment)
  await served.terminate()
  assert.match(served.stderr(), /master\.key.*others can read it/)
  rmSync(key)
  const lost = await sumun(['migrate'], { environment })
  assert.equal(lost.exitCode, 3)
  assert.match(lost.stderr, /master\.key: the master key of this database is missing/)
  assert.equal(existsSync(key), false)
})

test('an older Node gets a message with the required version', {
  skip: olderNode() ? false : 'no older Node is installed (nodejs)',
}, () => {
  const { status, stderr } = spawnSync(
    olderNode() as string,
    [join(import.meta.dirname, '../../bin/sumun.js'), 'start'],
    {
      encoding: 'utf8',
    },
  )
  assert.equal(status, 1)
  assert.match(stderr, /needs Node 24\.9 or newer, this is \d+/)
  assert.doesNotMatch(stderr, /SyntaxError/)
})

function olderNode(): string | undefined {
  return ['/usr/bin/node', '/usr/local/bin/node', '/usr/bin/nodejs'].find((path) => {
    if (!existsSync(path)) return false
    return (
      Number(spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.split('.')[0]) < 24
    )
  })
}
