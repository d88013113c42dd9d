import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount } from '../../src/engine/accounts/add-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { importedHashes } from '../support/imported-hashes.ts'

// Which passwords are accepted, and how imported hashes are upgraded.
const signUp = (app: TestServer, password: string, extra: Record<string, string> = {}, language = 'en') =>
  app.post('/v1/accounts', {
    json: { username: 'minji', name: 'Kim Minji', password, ...extra },
    headers: { 'accept-language': language },
  })

test('a password that is short, common, built from the user’s name or guessable is refused, with the reason', async (t) => {
  const app = await server(t)
  const cases: [string, string][] = [
    ['short', 'too_short'],
    ['비밀번호일곱자', 'too_short'],
    ['password', 'common'],
    ['Password123', 'common'],
    ['qwertyuiop', 'common'],
    ['minjikim', 'own_words'],
    ['KimMinji1', 'own_words'],
    ['minji@example.com', 'own_words'],
    ['aaaaaaaaaa', 'guessable'],
    ['abcdefgh', 'common'],
  ]
  for (const [password, code] of cases) {
    const { status, body } = await signUp(app, password, { email: 'minji@example.com' })
    assert.equal(status, 422, password)
    assert.equal(body.code, 'weak_password')
    assert.ok(['common', 'own_words', 'guessable', 'too_short'].includes(body.errors[0].code))
    if (code === 'own_words' || code === 'too_short') assert.equal(body.errors[0].code, code, password)
    assert.equal(body.errors[0].field, '/password')
  }
})

test('the advice is in the language of the caller', async (t) => {
  const app = await server(t)
  for (const [language, sample] of [
    ['en', 'first'],
    ['ko', '공격자'],
    ['ja', '攻撃者'],
  ] as const) {
    const { body } = await signUp(app, 'password1', {}, language)
    assert.match(body.errors[0].message, new RegExp(sample))
    assert.equal(body.strength.score, 0)
    assert.ok(body.strength.suggestions.length > 0)
  }
})

test('no composition rules, any Unicode, and every character counts', async (t) => {
  const app = await server(t)
  const long = `${'정확한 말 배터리 스테이플 '.repeat(16)}끝이다`
  assert.ok([...long].length > 240 && Buffer.byteLength(long) > 72 * 5)
  assert.equal((await signUp(app, long)).status, 201)
  assert.equal((await app.post('/login', { json: { username: 'minji', password: long } })).status, 200)
  // Different only past the 72nd byte, where bcrypt would not look.
  assert.equal(
    (await app.post('/login', { json: { username: 'minji', password: `${long.slice(0, -1)}라` } })).status,
    400,
  )
  assert.equal(
    (await app.post('/v1/accounts', { json: { username: 'other', password: 'x'.repeat(257) } })).status,
    400,
  )
})

test('a password is the same in both Unicode normal forms', async (t) => {
  const app = await server(t)
  const composed = '한글로 된 비밀 문장 café'.normalize('NFC')
  assert.equal((await signUp(app, composed)).status, 201)
  assert.equal(
    (await app.post('/login', { json: { username: 'minji', password: composed.normalize('NFD') } })).status,
    200,
  )
})

test('a deployment may require fifteen characters', async (t) => {
  const app = await server(t, { settings: { SUMUN_PASSWORD_LENGTH_MIN: '15' } })
  const reply = await signUp(app, 'copper lantern')
  assert.equal(reply.body.errors[0].code, 'too_short')
  assert.match(reply.body.errors[0].message, /15/)
  assert.equal((await signUp(app, 'copper lanterns')).status, 201)
})

for (const [scheme, { password, hash }] of Object.entries(importedHashes)) {
  test(`a hash of ${scheme} signs in, and is argon2id afterwards`, async (t) => {
    const app = await server(t)
    const { engine } = app.running
    const account = await addAccount(engine, {
      identifiers: { username: 'minji' },
      name: null,
      locale: 'en',
      kind: 'person',
      role: 'member',
      credential: { method: 'password', importedHash: hash },
      requester: systemRequester(app.running.engine),
      actor: 'cli',
    })
    assert.equal(
      (await app.post('/login', { json: { username: 'minji', password: `${password}x` } })).status,
      400,
    )
    const stored = async () =>
      ((await engine.store.credentials.listByAccount(account.id))[0] as { data: { hash: string } }).data.hash
    assert.equal(await stored(), hash)
    assert.equal((await app.post('/login', { json: { username: 'minji', password } })).status, 200)
    assert.match(await stored(), /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
    assert.equal((await app.post('/login', { json: { username: 'minji', password } })).status, 200)
  })
}

test('a password that bcrypt truncated signs in once more, and is hashed in full from then on', async (t) => {
  const app = await server(t)
  const { bcrypt72 } = await import('../support/imported-hashes.ts')
  await addAccount(app.running.engine, {
    identifiers: { username: 'minji' },
    name: null,
    locale: 'en',
    kind: 'person',
    role: 'member',
    credential: { method: 'password', importedHash: bcrypt72.hash },
    requester: systemRequester(app.running.engine),
    actor: 'cli',
  })
  const login = async (password: string): Promise<number> =>
    (await app.post('/login', { json: { username: 'minji', password } })).status
  const whole = `${bcrypt72.password}and more 비밀번호`
  assert.equal(await login(`${bcrypt72.password.slice(0, -1)}X and more`), 400)
  assert.equal(await login(whole), 200)
  assert.equal(await login(bcrypt72.password), 400)
  assert.equal(await login(`${bcrypt72.password}and less`), 400)
  assert.equal(await login(whole), 200)
})

test('a hash of an unknown kind is not imported', async (t) => {
  const app = await server(t)
  for (const hash of [
    '',
    'plain',
    '$1$md5$crypt',
    '$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
    '$2b$31$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu',
    `$6$rounds=999999999$salt$${'a'.repeat(86)}`,
    `$5$salt$${'a'.repeat(86)}`,
    '$argon2id$v=16$m=4194304,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$9Dlepp+XOVb1rRkJz/D8Ul/WBpg8NORpb+Op7g2BS2s',
    '{"secretData":"{","credentialData":"{}"}',
    '{"secretData":"{\\"value\\":\\"AAAA\\",\\"salt\\":\\"AA==\\"}","credentialData":"{\\"hashIterations\\":1,\\"algorithm\\":\\"pbkdf2-sha256\\"}"}',
    '{"secretData":"{}","credentialData":"{\\"hashIterations\\":99999999999,\\"algorithm\\":\\"pbkdf2-sha256\\"}"}',
    'null',
  ]) {
    const adding = addAccount(app.running.engine, {
      identifiers: { username: 'minji' },
      name: null,
      locale: 'en',
      kind: 'person',
      role: 'member',
      credential: { method: 'password', importedHash: hash },
      requester: systemRequester(app.running.engine),
      actor: 'cli',
    })
    await assert.rejects(adding, { code: 'invalid_fields' }, hash)
  }
})

test('a password is rated before it is chosen; nothing is stored, and many askers keep no one from signing up', async (t) => {
  const app = await server(t)
  const rate = (password: string, known: string[] = [], language = 'en') =>
    app.post('/v1/methods/password/preview', {
      json: { password, known },
      headers: { 'accept-language': language },
    })
  const weak = await rate('password1')
  assert.equal(weak.status, 200)
  assert.deepEqual([weak.body.score, weak.body.accepted, weak.body.label], [0, false, 'Too weak'])
  assert.match(weak.body.message, /attackers try first/)
  assert.match((await rate('short', [], 'ko')).body.message, /8자 이상/)
  assert.equal((await rate('kimminji2024', ['kim.minji@example.com'])).body.accepted, false)
  const strong = (await rate('copper lantern under the pier')).body
  assert.deepEqual(strong, { score: 4, accepted: true, label: 'Strong', message: null })
  assert.equal((await app.post('/v1/methods/password/preview', { json: { known: ['x'] } })).status, 400)
  assert.equal((await app.post('/v1/methods/totp/preview', { json: {} })).status, 404)
  const asked = Promise.all(Array.from({ length: 100 }, (_, at) => rate(`copper lantern ${at}`.repeat(4))))
  const made = await app.post('/v1/accounts', {
    json: { email: 'minji@example.com', password: 'copper lantern under the pier' },
  })
  assert.equal(made.status, 201)
  const statuses = new Set((await asked).map(({ status }) => status))
  assert.ok(
    [...statuses].every((status) => status === 200 || status === 503),
    [...statuses].join(),
  )
})
