import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'

// The account behind the token: read, changed, gone.
for (const engine of engines) {
  test(`${engine.name}: the owner reads and changes name and language`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine })
    const { accessToken: token, email } = await app.user()
    assert.equal((await app.get('/v1/me', { token })).body.email, email)
    const changed = await app.call('PATCH', '/v1/me', { token, json: { name: '김민지', locale: 'ko' } })
    assert.equal(changed.body.name, '김민지')
    const { body } = await app.get('/v1/me', { token })
    assert.deepEqual([body.name, body.locale], ['김민지', 'ko'])
    assert.equal((await app.call('PATCH', '/v1/me', { token, json: { name: null } })).body.name, null)
    for (const json of [
      {},
      { role: 'operator' },
      { locale: 'xx' },
      { name: 5 },
      { email: 'other@example.com' },
    ]) {
      assert.equal((await app.call('PATCH', '/v1/me', { token, json })).status, 400, JSON.stringify(json))
    }
  })

  test(`${engine.name}: a deleted account leaves only audit lines without personal data`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const {
      accessToken: token,
      refreshToken,
      email,
      password,
      accountId,
    } = await app.user({ name: 'Kim Minji' })
    await app.post('/login', {
      json: { username: email, password },
      headers: { 'user-agent': 'telltale-agent' },
    })
    assert.equal((await app.call('DELETE', '/v1/me', { token })).status, 204)
    assert.equal((await app.get('/v1/me', { token })).status, 401)
    assert.equal((await app.get('/protected', { token })).status, 401)
    assert.equal((await app.post('/refresh', { json: { refresh_token: refreshToken } })).status, 401)
    assert.equal(
      (await app.post('/login', { json: { username: email, password } })).body.code,
      'incorrect_credentials',
    )
    const { store, audit } = app.running.engine
    const id = accountId as `acc_${string}`
    assert.equal(await store.accounts.find(id), undefined)
    assert.deepEqual(await store.credentials.listByAccount(id), [])
    const lines = (
      await store.events.listFiltered({ subject: null, kind: null, before: null, limit: 100 })
    ).filter(({ subject }) => subject === accountId)
    assert.ok(
      lines.some(({ kind }) => kind === 'account.deleted') &&
        lines.some(({ kind }) => kind === 'account.created'),
    )
    assert.doesNotMatch(JSON.stringify(lines), /telltale|127\.0\.0\.1|minji|example\.com/i)
    await audit.seal()
    assert.equal((await audit.verify()).fault, null)
    // the name is free again
    assert.equal((await app.post('/v1/accounts', { json: { email, password } })).status, 201)
  })
}

test('an old sign-in is not enough to delete an account, and a new one is', async (t) => {
  const app = await server(t)
  const { accessToken, email, password } = await app.user()
  app.clock.advance(11 * 60_000)
  const refused = await app.call('DELETE', '/v1/me', { token: accessToken })
  assert.equal(refused.status, 401)
  assert.equal(refused.body.code, 'insufficient_user_authentication')
  assert.equal(
    refused.headers.get('www-authenticate'),
    'Bearer error="insufficient_user_authentication", acr_values="aal1", max_age="600"',
  )
  const fresh = await app.post('/login', { json: { username: email, password } })
  assert.equal((await app.call('DELETE', '/v1/me', { token: fresh.body.access_token })).status, 204)
})

test('of two changes of the same revision, one wins and the other gets a conflict', async (t) => {
  const app = await server(t)
  const { accessToken: token, accountId } = await app.user()
  const names = Array.from({ length: 20 }, (_, index) => `name ${index}`)
  const replies = await Promise.all(
    names.map((name) => app.call('PATCH', '/v1/me', { token, json: { name } })),
  )
  const won = replies.filter(({ status }) => status === 200)
  for (const { status, body } of replies)
    if (status !== 200) assert.deepEqual([status, body.code], [409, 'conflict'])
  assert.ok(won.length > 0 && won.length < names.length, `${won.length} of changes made at once were made`)
  const account = await app.running.engine.store.accounts.find(accountId as `acc_${string}`)
  assert.equal(account?.revision, 1 + won.length, 'each that was told that it won is a revision of its own')
  assert.ok(won.some(({ body }) => body.name === account?.name))
})

test('a problem is translated, and its code stays the same', async (t) => {
  const app = await server(t)
  const said = async (language: string) =>
    (await app.get('/nothing', { headers: { 'accept-language': language } })).body
  assert.deepEqual([(await said('en')).title, (await said('it')).title], ['Not found', 'Not found'])
  assert.deepEqual(
    [(await said('ko-KR,ko;q=0.9')).title, (await said('ko')).code],
    ['찾을 수 없습니다', 'not_found'],
  )
  assert.match((await said('ja')).detail, /このアドレスには/)
  const wrong = { json: { username: 'nobody@example.com', password: 'wrong' } }
  assert.equal((await app.post('/login', wrong)).body.detail, 'Incorrect username or password')
  assert.match(
    (await app.post('/login', { ...wrong, headers: { 'accept-language': 'ko' } })).body.detail,
    /비밀번호/,
  )
})
