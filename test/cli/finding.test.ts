import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'
import { enrolTotp } from '../support/users.ts'

for (const engine of engines) {
  const options = { skip: engine.skip, timeout: 180_000 }

  test(
    `${engine.name}: accounts are found by prefix, and a list says that there are more`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { environment } = app
      await app.user({ email: 'minji.kim@example.com', username: 'minji', name: '김민지' })
      await app.user({ email: 'minsu@example.com', name: '김민수' })
      await app.user({ email: 'aoi@example.com' })
      const find = async (text: string): Promise<string[]> =>
        (await sumun(['user', 'find', text, '--json'], { environment })).json.accounts
          .map(({ identifiers }: { identifiers: { value: string }[] }) => identifiers[0]?.value)
          .sort()
      assert.deepEqual(await find('min'), ['minji.kim@example.com', 'minsu@example.com'])
      assert.deepEqual(await find('김민'), ['minji.kim@example.com', 'minsu@example.com'])
      assert.deepEqual(await find('aoi@'), ['aoi@example.com'])
      for (const nothing of ['example.com', '%', '_inji', "' OR 1=1", 'zzz'])
        assert.deepEqual(await find(nothing), [], nothing)
      const first = (await sumun(['user', 'list', '--limit', '2', '--json'], { environment })).json
      assert.equal(first.accounts.length, 2)
      const rest = (await sumun(['user', 'list', '--after', first.next, '--json'], { environment })).json
      assert.deepEqual([rest.accounts.length, rest.next], [1, null])
      assert.match(
        (await sumun(['user', 'list', '--limit', '2'], { environment })).stdout,
        new RegExp(`There are more: --after ${first.next}`),
      )
      for (const wrong of ['0', 'x', '100000'])
        assert.equal((await sumun(['user', 'list', '--limit', wrong], { environment })).exitCode, 1)
    },
  )

  test(
    `${engine.name}: a role is granted and revoked, sessions end, and the last operator stays`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { environment } = app
      const user = await app.user()
      const role = (to: string) => sumun(['user', 'role', user.email, to, '--json'], { environment })
      assert.deepEqual((await role('operator')).json, { id: user.accountId, role: 'operator', changed: true })
      await new Promise((resolve) => setTimeout(resolve, 1000))
      assert.equal((await app.get('/protected', { token: user.accessToken })).status, 401)
      const login = { username: user.email, password: user.password, scope: 'account admin' }
      const phone = await enrolTotp(app, (await app.post('/login', { json: login })).body.access_token)
      app.clock.advance(60_000)
      const operator = await app.post('/login', { json: { ...login, code: phone.codeAt(app.clock.now()) } })
      assert.equal((await app.get('/v1/admin/accounts', { token: operator.body.access_token })).status, 200)
      const found = await app.get(`/v1/admin/accounts?search=${user.email.slice(0, 5)}`, {
        token: operator.body.access_token,
      })
      assert.deepEqual(
        found.body.accounts.map(({ id }: { id: string }) => id),
        [user.accountId],
      )
      const refused = await role('member')
      assert.deepEqual([refused.exitCode, refused.json.error], [1, 'last_operator'])
      await sumun(['user', 'add', '--username', 'second', '--operator'], { environment })
      assert.equal((await role('member')).json.changed, true)
      assert.equal((await role('member')).json.changed, false)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      assert.equal((await app.get('/v1/admin/accounts', { token: operator.body.access_token })).status, 401)
      assert.equal((await role('king')).exitCode, 1)
      const tail = (
        await sumun(['audit', 'tail', '--kind', 'account.role_changed', '--account', user.email, '--json'], {
          environment,
        })
      ).json
      assert.deepEqual(
        tail.events.map(({ details }: { details: { role: string } }) => details.role),
        ['operator', 'member'],
      )
      assert.equal((await sumun(['audit', 'tail', '--kind', 'no.such'], { environment })).exitCode, 1)
    },
  )

  test(`${engine.name}: the audit log is followed as it is written`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const other = await app.user()
    const words = ['audit', 'tail', '--follow', '--json', '--lines', '1', '--account', user.email]
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/sumun.js'), ...words], {
      env: { PATH: process.env.PATH, ...app.environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    t.after(() => child.kill('SIGKILL'))
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    const lines = (): { kind: string; subject: string }[] =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    const until = async (done: () => boolean): Promise<void> => {
      const giveUp = performance.now() + 20_000
      while (!done()) {
        assert.ok(performance.now() < giveUp, text)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    await until(() => lines().length === 1)
    await app.post('/login', { json: { username: other.email, password: other.password } })
    await app.post('/login', { json: { username: user.email, password: user.password } })
    await until(() => lines().some(({ kind }) => kind === 'sign_in.succeeded'))
    assert.ok(lines().every(({ subject }) => subject === user.accountId))
  })
}

test('control characters in names are escaped on the terminal', async (t) => {
  const app = await server(t)
  const { environment } = app
  const evil = 'x\u009b2J\u202eevil'
  const user = await app.user()
  const operator = await sumun(['user', 'add', '--username', 'op', '--operator', '--json', '--name', evil], {
    environment,
  })
  for (const words of [
    ['user', 'list'],
    ['user', 'show', user.email],
    ['audit', 'tail'],
    ['user', 'list', '--json'],
    ['user', 'find', 'op'],
  ]) {
    const { stdout, stderr } = await sumun(words, { environment })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/, words.join(' '))
  }
  assert.doesNotMatch(operator.stdout + operator.stderr, /\u009b/)
})

test('tables keep their columns beside names in Korean', async (t) => {
  const app = await server(t)
  await app.user({ email: 'minji@example.com', name: '김민지' })
  await app.user({ email: 'john@example.com', name: 'John' })
  const { stdout } = await sumun(['user', 'list'], { environment: app.environment })
  const starts = stdout
    .split('\n')
    .filter((line) => line.includes('@example.com'))
    // A Hangul syllable takes two columns of a terminal.
    .map((line) => /\d{4}-\d{2}-\d{2}/.exec(line.replaceAll(/\p{sc=Hangul}/gu, '--'))?.index)
  assert.deepEqual([starts.length, new Set(starts).size], [2, 1], stdout)
})
