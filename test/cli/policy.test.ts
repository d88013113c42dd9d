import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engines, sqlite } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sumun } from '../support/sumun.ts'
import { answerMethod, beginAttempt, enrolMethod, enrolTotp } from '../support/users.ts'

function fileWith(text: string): string {
  const folder = temporaryFolder()
  const path = join(folder, 'policy.json')
  writeFileSync(path, text)
  return path
}

test('policy check reports the line of each error, and the allowed values', async (t) => {
  const environment = await sqlite.prepare(t)
  const path = fileWith(
    `{
  "extends": "default",
  "signIn": {
    "required": "aal9",
    "secondfactor": "never"
  },
  "operations": { "credentials": { "ageSecondsMax": 5 } },
  "limits": { "codeSecondsMax": "long" }
}`,
  )
  const checked = await sumun(['policy', 'check', path], { environment })
  assert.equal(checked.exitCode, 3)
  const lines = checked.stderr
    .trim()
    .split('\n')
    .map((line) => line.replace(`sumun: ${path}:`, ''))
  assert.equal(lines.length, 4, checked.stderr)
  for (const [position, words] of [
    ['4:', 'signIn.required: must be one of aal1, aal2, aal3'],
    ['5:', 'signIn.secondfactor: there is no such rule'],
    ['7:', 'operations.credentials.ageSecondsMax'],
    ['8:', 'limits.codeSecondsMax'],
  ] as const)
    assert.ok(
      lines.some((line) => line.startsWith(position) && line.includes(words)),
      `${position} ${words}\n${lines.join('\n')}`,
    )
  for (const text of ['', '[]', '{"extends":"nobody"}', '{"signIn":', '{"a":1,"a":2}']) {
    const refused = await sumun(['policy', 'check', fileWith(text)], { environment })
    assert.equal(refused.exitCode, 3, text)
    assert.doesNotMatch(refused.stderr, /at \w+ \(|TypeError/)
  }
  assert.equal((await sumun(['policy', 'check', join(path, 'nowhere')], { environment })).exitCode, 3)
  const good = await sumun(
    ['policy', 'check', fileWith('{"extends":"asvs-l3","limits":{"rememberedDays":7}}'), '--json'],
    {
      environment,
    },
  )
  assert.deepEqual(
    [good.exitCode, good.json.document.limits.rememberedDays, good.json.document.limits.clockStepsMax],
    [0, 7, 0],
  )
})

test('a server does not start with an invalid policy, and reports its place', async (t) => {
  const environment = { ...(await sqlite.prepare(t)), SUMUN_POLICY: fileWith('{"signIn":{"required":2}}') }
  const started = await sumun(['start', '--port', '0'], { environment })
  assert.equal(started.exitCode, 3)
  assert.match(started.stderr, /policy\.json:1:\d+ signIn\.required/)
})

test('the bundled policies are valid', async (t) => {
  const environment = await sqlite.prepare(t)
  for (const name of ['default', 'nist-aal2', 'asvs-l3'])
    assert.equal((await sumun(['policy', 'check', name], { environment })).exitCode, 0, name)
})

for (const engine of engines) {
  test(`${engine.name}: explain describes an attempt, and rehearse lists whom another policy would stop`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { environment } = app
    const [plain, careful] = [await app.user(), await app.user()]
    await app.post('/v1/accounts', {
      json: { username: 'only-name', password: 'copper lantern under the pier' },
    })
    const phone = await enrolTotp(app, careful.accessToken)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: careful.email })
    await answerMethod(app, attempt.id, 'password', { password: careful.password })
    const open = await sumun(['policy', 'explain', attempt.id], { environment })
    assert.match(
      open.stdout,
      /The rule signIn\.secondFactor requires aal2: the account has set up a second factor/,
    )
    assert.match(open.stdout, /Result: more evidence required, by totp\.$/m)
    await answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) })
    const explained = await sumun(['policy', 'explain', attempt.id, '--json'], { environment })
    assert.ok(explained.json.explanation.join(' ').includes(careful.email))
    assert.match(explained.json.explanation.at(-1), /satisfied, aal2/)
    await app.post('/login', { json: { username: 'only-name', password: 'copper lantern under the pier' } })

    const strict = fileWith('{"extends":"default","signIn":{"required":"aal2"}}')
    const rehearsed = await sumun(['policy', 'rehearse', strict, '--days', '30', '--json'], { environment })
    assert.equal(rehearsed.exitCode, 4, rehearsed.stderr)
    const byName = new Map(rehearsed.json.affected.map((one: { names: string[] }) => [one.names[0], one]))
    const named = byName.get('only-name') as {
      change: string
      attempts: number
      methods: string[]
      lacking: string[]
    }
    assert.deepEqual([named.change, named.attempts, named.methods], ['locked_out', 2, ['password']])
    assert.match(named.lacking.join(), /password proves aal1, which is below aal2/)
    const asked = byName.get(plain.email) as { change: string; offers: string[] }
    assert.deepEqual([asked.change, asked.offers], ['asked_for_more', ['email-code', 'email-link']])
    const text = (await sumun(['policy', 'rehearse', strict], { environment })).stdout
    assert.match(text, /^\d+ attempts of 3 accounts in the last 30 days/)
    assert.match(text, /Locked out: none of their methods could satisfy the document \(1\)/)

    const { body } = await app.post('/login', {
      json: { username: 'only-name', password: 'copper lantern under the pier' },
    })
    await enrolTotp(app, body.access_token)
    const later = await sumun(['policy', 'rehearse', strict, '--json'], { environment })
    assert.equal(
      later.json.affected.find(({ names }: { names: string[] }) => names[0] === 'only-name').change,
      'could_now',
    )
    const same = await sumun(['policy', 'rehearse', 'default'], { environment })
    assert.deepEqual([same.exitCode, /No account is affected/.test(same.stdout)], [0, true])
    await enrolMethod(app, body.access_token, 'recovery-code', () => ({}))
  })
}

test('explain and rehearse report missing arguments', async (t) => {
  const environment = await sqlite.prepare(t)
  assert.equal(
    (await sumun(['policy', 'explain', 'att_00000000000000000000000000'], { environment })).exitCode,
    1,
  )
  assert.equal((await sumun(['policy', 'rehearse', 'default', '--days', '0'], { environment })).exitCode, 1)
  assert.equal((await sumun(['policy', 'rehearse'], { environment })).exitCode, 2)
})
