import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, callback, discover, request, signIn } from '../support/oidc.ts'
import { openPageBrowser, send } from '../support/page-browser.ts'
import { beginAttempt, openBrowser } from '../support/users.ts'

const day = 86_400_000
const otherSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }

test('another site cannot set, change or delete this browser’s cookies, in any browser version', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const config = await discover(app, await application(app))
  const { url } = await request(config)
  const authorize = url.slice(app.url.length)
  const navigations = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  const frame = { ...navigations, 'sec-fetch-dest': 'iframe' }
  const oldImage = { accept: 'image/avif,image/webp,*/*;q=0.8', 'user-agent': 'Mozilla/5.0 (an old browser)' }
  for (const [method, path, headers, form] of [
    ['GET', authorize, image, undefined],
    ['GET', authorize, frame, undefined],
    ['GET', authorize, oldImage, undefined],
    ['GET', '/signin', image, undefined],
    ['GET', '/signin', frame, undefined],
    ['GET', '/signup', image, undefined],
    ['GET', '/oauth/device', image, undefined],
    ['GET', '/oauth/logout', image, undefined],
    ['GET', '/account', image, undefined],
    ['POST', '/signin', { ...otherSite, ...navigations }, { username: user.email }],
    ['POST', '/signin', { origin: 'https://evil.example' }, { username: user.email }],
    [
      'POST',
      '/signup',
      { ...otherSite, ...navigations },
      { email: 'a@example.com', password: 'seven herons over the weir' },
    ],
    ['POST', '/oauth/device', { ...otherSite, ...navigations }, { user_code: 'BBBB-BBBB' }],
    ['POST', '/login', { ...otherSite, ...navigations }, { username: user.email, password: user.password }],
    ['POST', '/undo', { ...otherSite, ...navigations }, { token: 'x'.repeat(43) }],
    ['POST', '/language', { ...otherSite, ...navigations }, { locale: 'ko', return_to: '/signin' }],
  ] as const) {
    const body = form && new URLSearchParams(form as Record<string, string>).toString()
    const type = form && { 'content-type': 'application/x-www-form-urlencoded' }
    const reply = await send(app.url + path, body, { cookie: 'sumun_browser=x', ...type, ...headers })
    assert.deepEqual(reply.headers.getSetCookie(), [], `${method} ${path} ${JSON.stringify(headers)}`)
  }
  const followed = await send(url, undefined, { ...navigations, accept: 'text/html' })
  assert.ok(followed.headers.getSetCookie().length > 0, 'a navigation begins one')
})

test('a sign-in in progress survives cross-site requests', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = openBrowser(app)
  const attempt = (await browser.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })).body
  for (const path of ['/signin', '/signup', '/oauth/device', '/recover'])
    await browser.get(path, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' } })
  const done = await browser.post(`/v1/attempts/${attempt.id}/password/answer`, { password: user.password })
  assert.equal(done.body.status, 'done', JSON.stringify(done.body))
})

test('JSON routes accept only JSON', async (t) => {
  const app = await server(t)
  const user = await app.user()
  for (const [path, body] of [
    ['/v1/accounts', { email: 'a@example.com', password: 'seven herons over the weir' }],
    ['/v1/attempts', { purpose: 'sign-in' }],
  ] as const) {
    const asForm = await app.post(path, { form: body as Record<string, string> })
    assert.equal(asForm.status, 415, `${path} ${JSON.stringify(asForm.body)}`)
    const asText = await app.post(path, {
      raw: JSON.stringify(body),
      headers: { 'content-type': 'text/plain' },
    })
    assert.equal(asText.status, 415, path)
  }
  assert.equal((await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 200)
})

test('under an https issuer every reply has HSTS, and pages have COOP', async (t) => {
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example', SUMUN_TRUST_PROXY: '1' } })
  for (const path of [
    '/signin',
    '/account',
    '/docs',
    '/openapi.json',
    '/oauth/device',
    '/oauth/authorize',
    '/oauth/nothing',
    '/oauth/token',
    '/v1/me',
    '/nothing',
    '/undo',
    '/oauth/logout',
  ]) {
    const { headers } = await app.get(path, { headers: { 'x-forwarded-for': '203.0.113.1' } })
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{7,}/, path)
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
  }
})

test('the provider shows only our own pages', async (t) => {
  const app = await server(t)
  const html = { accept: 'text/html' }
  for (const path of [
    '/oauth/device',
    '/oauth/device?user_code=BBBB-BBBB',
    '/oauth/authorize',
    '/oauth/authorize?client_id=nobody',
    '/oauth/logout',
    '/oauth/logout?id_token_hint=x',
    '/oauth/device/resume-nothing',
    '/oauth/authorize/nothing',
    '/oauth/interaction/nothing',
  ]) {
    const { body, headers, status } = await app.get(path, { headers: html })
    assert.ok(status < 500, path)
    const scripts = String(body).match(/<script(?![^>]*nonce=)[^>]*>|\son\w+=/g)
    assert.equal(scripts, null, `${path}: ${scripts}`)
    if (/text\/html/.test(headers.get('content-type') ?? ''))
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path)
  }
  const posted = openPageBrowser(app.url)
  const page = await posted.submit(await posted.open(`${app.url}/oauth/device`), { user_code: 'BBBB-BBBB' })
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
})

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an idle browser session is signed out, for our pages and for applications`,
    options,
    async (t) => {
      const app = await server(t, {
        engine,
        settings: { SUMUN_SESSION_DAYS: '365', SUMUN_SESSION_IDLE_DAYS: '30' },
      })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      await signIn(config, { browser, user })
      // Used now and then, it stays.
      for (let i = 0; i < 3; i++) {
        app.clock.advance(20 * day)
        assert.equal(new URL((await browser.open(`${app.url}/account`)).url).pathname, '/account', `${i}`)
      }
      app.clock.advance(31 * day)
      const silent = await browser.open((await request(config, { prompt: 'none' })).url)
      assert.match(silent.url, /error=login_required/)
      const asked = await browser.open((await request(config)).url)
      assert.ok(!asked.url.startsWith(callback), asked.url)
      assert.equal(new URL((await browser.open(`${app.url}/account`)).url).pathname, '/signin')
    },
  )

  test(`${engine.name}: concurrent starts of a challenge create one`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    for (const method of ['passkey', 'email-code', 'password']) {
      const replies = await Promise.all(
        Array.from({ length: 8 }, () => app.post(`/v1/attempts/${attempt.id}/${method}`, { json: {} })),
      )
      assert.deepEqual(
        replies.filter(({ status }) => status >= 500).map(({ body }) => body),
        [],
        method,
      )
      assert.ok(
        replies.some(({ status }) => status === 200),
        method,
      )
    }
    const token = user.accessToken
    for (const path of [
      '/v1/me/credentials/passkey',
      '/v1/me/credentials/totp',
      '/v1/me/credentials/recovery-code',
    ]) {
      const replies = await Promise.all(Array.from({ length: 8 }, () => app.post(path, { json: {}, token })))
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200], path)
    }
    const value = 'other@example.com'
    const changes = await Promise.all(
      Array.from({ length: 5 }, () => app.post('/v1/me/identifiers/email', { json: { value }, token })),
    )
    assert.ok(changes.every(({ status }) => status === 200 || status === 429))
  })

  test(`${engine.name}: NUL is refused in every input`, options, async (t) => {
    const app = await server(t, { engine })
    const nul = '\0'
    for (const [path, form] of [
      ['/signin', { username: `kim${nul}` }],
      ['/signup', { email: `a${nul}@example.com`, password: `seven herons ${nul} over the weir` }],
      ['/login', { username: `kim${nul}`, password: 'x' }],
      ['/undo', { token: `${'x'.repeat(30)}${nul}` }],
      ['/recover', { username: `kim${nul}` }],
      ['/oauth/token', { grant_type: 'authorization_code', code: `x${nul}`, client_id: `y${nul}` }],
      ['/oauth/introspect', { token: nul, client_id: nul }],
    ] as const) {
      const reply = await app.post(path, {
        form: form as Record<string, string>,
        headers: { origin: app.url },
      })
      assert.ok(reply.status >= 300 && reply.status < 500, `${path} ${reply.status}`)
    }
    for (const path of [
      '/signin?return_to=%00',
      '/undo?token=%00',
      '/link?token=%00',
      '/oauth/authorize?client_id=%00',
      '/v1/attempts/%00',
      '/account?said=%00',
    ])
      assert.ok((await app.get(path)).status < 500, path)
  })

  test(
    `${engine.name}: keys that are rotated concurrently are published before they sign`,
    options,
    async (t) => {
      const first = await server(t, { engine })
      const second = await server(t, {
        environment: first.environment,
        clock: first.clock,
        settings: { SUMUN_ISSUER: first.url },
      })
      const { rotateSigningKeys } = await import('../../src/engine/keys/rotate-keys.ts')
      const published = new Set<string>()
      const note = async () => {
        for (const { url } of [first, second])
          for (const { kid } of (
            (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
          ).keys)
            published.add(kid)
      }
      const user = await first.user()
      let refreshToken = user.refreshToken
      for (let round = 0; round < 5; round++) {
        await note()
        first.clock.advance(round % 2 ? 600_000 : 1_000)
        const before = new Set(published)
        const turned = await Promise.all(
          [first, second, first, second].map(({ running: { engine } }) =>
            rotateSigningKeys(engine, { actor: 'test', algorithm: 'ES256' }),
          ),
        )
        assert.ok(turned.filter(Boolean).length <= 1, JSON.stringify(turned))
        for (const { running } of [first, second]) await running.engine.keyRing.load()
        const reply = await first.post('/refresh', { json: { refresh_token: refreshToken } })
        assert.equal(reply.status, 200, JSON.stringify(reply.body))
        refreshToken = reply.body.refresh_token
        const { kid } = JSON.parse(Buffer.from(reply.body.access_token.split('.')[0], 'base64url').toString())
        assert.ok(before.has(kid), `round ${round}: ${kid} signs, and was not published`)
        assert.equal((await second.get('/protected', { token: reply.body.access_token })).status, 200)
      }
    },
  )
}
