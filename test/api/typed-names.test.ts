import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'

const password = 'copper lantern under the pier'

for (const engine of engines) {
  test(`${engine.name}: phone numbers are accepted in the forms of address books and links`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const headers = { 'accept-language': 'ko' }
    const made = await app.post('/v1/accounts', { json: { phone: '010-1234-5678', password }, headers })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(made.body.account.phone, '+821012345678')
    for (const username of [
      '010-1234-5678',
      '01012345678',
      '０１０－１２３４－５６７８',
      '010.1234.5678',
      '\u202d+82 10-1234-5678\u202c',
      '\u2066010-1234-5678\u2069',
      'tel:+82-10-1234-5678',
      'TEL:010-1234-5678',
      'tel:+821012345678;ext=1',
      '+82 (0)10 1234 5678',
    ])
      assert.equal(
        (await app.post('/login', { json: { username, password }, headers })).status,
        200,
        username,
      )
    const english = await app.post('/v1/accounts', {
      json: { phone: '010-9999-5678', password },
      headers: { 'accept-language': 'en' },
    })
    assert.deepEqual([english.status, english.body.errors[0].code], [400, 'country_unknown'])
    const japanese = await app.post('/v1/accounts', {
      json: { phone: '090-1234-5678', password },
      headers: { 'accept-language': 'ja' },
    })
    assert.equal(japanese.body.account.phone, '+819012345678')
  })
}

test('a number without a country code uses the configured country, whatever the language', async (t) => {
  const app = await server(t, { settings: { SUMUN_PHONE_COUNTRY: 'US' } })
  const made = await app.post('/v1/accounts', {
    json: { phone: '(415) 555-2671', password },
    headers: { 'accept-language': 'ko' },
  })
  assert.equal(made.body.account?.phone, '+14155552671')
})

test('only docomo and ezweb addresses may have consecutive or trailing dots', async (t) => {
  const app = await server(t)
  for (const email of [
    'a..b.@docomo.ne.jp',
    'hana..@ezweb.ne.jp',
    'Taro.-.x@DOCOMO.ne.jp',
    'x＠docomo.ne.jp',
  ]) {
    const made = await app.post('/v1/accounts', { json: { email, password } })
    assert.equal(made.status, 201, `${email} ${JSON.stringify(made.body)}`)
    assert.equal((await app.post('/login', { json: { username: email, password } })).status, 200, email)
  }
  for (const email of [
    'a..b@example.com',
    'a.@example.com',
    '.a@docomo.ne.jp',
    'a..b@mail.docomo.ne.jp.example',
    'a b@docomo.ne.jp',
    'a"@docomo.ne.jp',
  ])
    assert.equal((await app.post('/v1/accounts', { json: { email, password } })).status, 400, email)
})

test('an address at a host without a dot needs the setting', async (t) => {
  const strict = await server(t)
  assert.equal(
    (await strict.post('/v1/accounts', { json: { email: 'admin@localhost', password } })).status,
    400,
  )
  const open = await server(t, { settings: { SUMUN_EMAIL_HOSTS: 'any' } })
  assert.equal(
    (await open.post('/v1/accounts', { json: { email: 'admin@localhost', password } })).status,
    201,
  )
  assert.equal((await open.post('/login', { json: { username: 'admin@localhost', password } })).status, 200)
  for (const email of ['admin@', 'admin@-', 'admin@a b', 'admin@.', 'admin@local_host'])
    assert.equal((await open.post('/v1/accounts', { json: { email, password } })).status, 400, email)
})

test('a colon in the site’s name does not break the label of an authenticator app', async (t) => {
  for (const [siteName, issuer] of [
    ['Sumun: the gate', 'Sumun the gate'],
    ['회사：로그인', '회사 로그인'],
    ['a:b:c', 'a b c'],
  ] as const) {
    const app = await server(t, { settings: { SUMUN_SITE_NAME: siteName } })
    const user = await app.user()
    const { body } = await app.post('/v1/me/credentials/totp', { json: {}, token: user.accessToken })
    const uri = new URL(body.challenge.uri)
    assert.equal(uri.searchParams.get('issuer'), issuer)
    assert.equal(decodeURIComponent(uri.pathname).split(':').length, 2)
  }
})
