import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodPassword } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'

// Administration on the command line, beside a running server.
for (const engine of engines) {
  test(`${engine.name}: an operator is created, found, disabled, enabled, given a new password and deleted`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { environment } = app
    const made = await sumun(
      [
        'user',
        'add',
        '--username',
        'Minji',
        '--email',
        'minji@example.com',
        '--name',
        '김민지',
        '--operator',
        '--password-stdin',
        '--json',
      ],
      { environment, input: `${goodPassword}\n` },
    )
    assert.equal(made.exitCode, 0, made.stderr)
    assert.equal(made.json.role, 'operator')
    assert.equal(made.json.password, null)
    const signIn = (password: string) => app.post('/login', { json: { username: 'minji', password } })
    const { body } = await signIn(goodPassword)
    assert.ok(body.access_token)

    assert.deepEqual(
      (await sumun(['user', 'list', '--operators', '--json'], { environment })).json.accounts.map(
        ({ id }: { id: string }) => id,
      ),
      [made.json.id],
    )
    const shown = await sumun(['user', 'show', 'MINJI@example.com', '--json'], { environment })
    assert.deepEqual(
      shown.json.credentials.map(({ kind }: { kind: string }) => kind),
      ['password'],
    )
    assert.doesNotMatch(shown.stdout, /argon2/)
    assert.equal(
      (await sumun(['user', 'sessions', made.json.id, '--json'], { environment })).json.sessions.length,
      1,
    )

    const last = await sumun(['user', 'disable', 'minji'], { environment })
    assert.equal(last.exitCode, 1)
    assert.match(last.stderr, /last operator/)
    await sumun(['user', 'add', '--username', 'second', '--operator'], { environment })
    assert.equal((await sumun(['user', 'disable', 'minji', '--json'], { environment })).json.changed, true)
    assert.equal((await signIn(goodPassword)).body.code, 'account_disabled')
    assert.equal((await sumun(['user', 'enable', 'minji', '--json'], { environment })).json.changed, true)

    assert.match((await sumun(['user', 'reset-password', 'minji'], { environment })).stderr, /recovery-link/)
    const newPassword = 'a lantern of another metal'
    await sumun(['user', 'reset-password', 'minji', '--password-stdin'], { environment, input: newPassword })
    assert.equal((await signIn(goodPassword)).status, 400)
    const again = await signIn(newPassword)
    assert.equal(again.status, 200)
    assert.equal(
      (await sumun(['user', 'sessions', 'minji', '--end', '--json'], { environment })).json.ended,
      1,
    )
    await new Promise((resolve) => setTimeout(resolve, 1000))
    assert.equal((await app.get('/protected', { token: again.body.access_token })).status, 401)
    assert.equal((await sumun(['user', 'delete', 'minji', '--yes'], { environment })).exitCode, 0)
    assert.equal((await sumun(['user', 'show', 'minji'], { environment })).exitCode, 1)
  })
}

test('a hash is imported, and an invitation works on a closed server', async (t) => {
  const app = await server(t, { settings: { SUMUN_SIGNUP: 'closed' } })
  const { environment } = app
  const hash = '$2b$04$qOQDyOa.KGOivAWsMQUPqO.Rba8YLj/VoZP/fmXDrZJPth7GMHhka'
  assert.equal(
    (await sumun(['user', 'add', '--username', 'old', '--password-hash', hash], { environment })).exitCode,
    0,
  )
  assert.equal((await app.post('/login', { json: { username: 'old', password: goodPassword } })).status, 200)
  const invited = await sumun(['user', 'invite', '--json'], {
    environment: { ...environment, SUMUN_ISSUER: app.url },
  })
  assert.equal(invited.json.link, `${app.url}/signup?invitation=${invited.json.invitation}`)
  const { status } = await app.post('/v1/accounts', {
    json: { username: 'guest', password: goodPassword, invitation: invited.json.invitation },
  })
  assert.equal(status, 201)
})

test('errors have messages and exit codes', async (t) => {
  const environment = await sqlite.prepare(t)
  const cases: [string[], number, RegExp][] = [
    [['nonsense'], 2, /no command nonsense/],
    [['user', 'add', '--no-such-flag'], 2, /no-such-flag/],
    [['user', 'show'], 2, /takes ACCOUNT/],
    [['user', 'show', 'nobody'], 1, /no account nobody/],
    [['user', 'add'], 1, /at least one of/],
    [['user', 'add', '--username', 'a b'], 1, /username/],
    [['user', 'add', '--username', 'kim', '--password-hash', 'plain'], 1, /hash/],
    [['audit', 'tail', '--lines', '0'], 1, /1 to/],
    [['start', '--port', 'eighty'], 3, /--port: must be a whole number from 0 to 65535/],
    [['start', '--signup', 'maybe'], 3, /--signup: must be one of open, invite, closed/],
  ]
  for (const [words, exitCode, says] of cases) {
    const finished = await sumun(words, { environment })
    assert.equal(finished.exitCode, exitCode, `${words.join(' ')}: ${finished.stderr}`)
    assert.match(finished.stderr, says)
    assert.equal(finished.stdout, '')
  }
  const weak = await sumun(['user', 'add', '--username', 'kim', '--password-stdin', '--json'], {
    environment,
    input: 'password1',
  })
  assert.equal(weak.exitCode, 1)
  assert.equal(weak.json.error, 'weak_password')
})

test('invalid, unknown or contradictory settings are reported with their fix', async (t) => {
  const environment = await sqlite.prepare(t)
  const cases: [Record<string, string>, RegExp][] = [
    [{ SUMUN_PROT: '80' }, /SUMUN_PROT: there is no such setting/],
    [{ SUMUN_DATABASE_URL: 'mysql://x' }, /SUMUN_DATABASE_URL: must be text like \^postgres/],
    [{ SUMUN_ISSUER: 'id.example.com' }, /SUMUN_ISSUER: must be/],
    [{ SUMUN_ISSUER: 'https://id.example.com/' }, /SUMUN_ISSUER: must be/],
    [{ SUMUN_MASTER_KEY: 'too-short' }, /SUMUN_MASTER_KEY: must be 32 bytes in base64url/],
    [{ SUMUN_CONFIG: '/nowhere.json' }, /\/nowhere\.json: cannot be read/],
  ]
  for (const [settings, says] of cases) {
    const finished = await sumun(['migrate'], { environment: { ...environment, ...settings } })
    assert.equal(finished.exitCode, 3, finished.stderr)
    assert.match(finished.stderr, says)
  }
})

test('--help-all lists the settings too', async () => {
  const { exitCode, stdout } = await sumun(['user', 'delete', '--help-all'])
  assert.equal(exitCode, 0)
  assert.match(stdout, /--yes[\s\S]*--port +SUMUN_PORT +8000/)
})

test('every command has help', async () => {
  const { stdout } = await sumun(['--help'])
  const names = [...stdout.matchAll(/^ {2}sumun ([a-z-]+(?: [a-z-]+){0,2})/gm)].map(([, name]) =>
    (name as string).trim(),
  )
  for (const expected of [
    'start',
    'migrate',
    'doctor',
    'user add',
    'user list',
    'user show',
    'user disable',
    'user enable',
    'user reset-password',
    'user recovery-link',
    'user sessions',
    'key list',
    'key rotate',
    'backup',
    'restore',
    'audit tail',
    'audit verify',
  ])
    assert.ok(names.includes(expected), expected)
  const helps: Awaited<ReturnType<typeof sumun>>[] = []
  while (helps.length < names.length) {
    const some = names.slice(helps.length, helps.length + 8)
    helps.push(...(await Promise.all(some.map((name) => sumun([...name.split(' '), '--help'])))))
  }
  for (const [index, help] of helps.entries()) {
    assert.equal(help.exitCode, 0, names[index])
    assert.ok(help.stdout.startsWith(`sumun ${names[index]}`), names[index])
    assert.match(help.stdout, /--json/)
    assert.doesNotMatch(help.stdout, /SUMUN_PORT/, 'settings are listed by --help-all')
  }
})
