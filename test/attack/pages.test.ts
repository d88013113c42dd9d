import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { application, callback, discover, request } from '../support/oidc.ts'
import { openPageBrowser, type Page, type PageBrowser } from '../support/page-browser.ts'
import { signUpPlainly } from '../support/sign-up-page.ts'
import { openBrowser } from '../support/users.ts'

const password = 'copper lantern under the pier'
const email = 'minji@example.com'

async function signUp(
  app: TestServer,
  browser: PageBrowser,
  values: Record<string, string> = {},
): Promise<Page> {
  const page = await signUpPlainly(browser, await browser.open(`${app.url}/signup`), {
    email,
    password,
    ...values,
  })
  assert.match(page.url, /\/account\/addresses\/email\?said=welcome$/, page.text)
  return page
}

const markOf = (page: Page, pattern: RegExp): string => {
  const found = pattern.exec(page.text)?.[1]
  assert.ok(found, `${pattern} is not on ${page.url}`)
  return found.replaceAll(' ', '')
}

for (const engine of engines) {
  test(`${engine.name}: without script: sign up, enrol an app, sign in with both, delete the account`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const browser = openPageBrowser(app.url)
    await signUp(app, browser)
    const verify = await browser.open(`${app.url}/account/addresses/email`)
    const { code } = await messageTo(app.environment.SUMUN_DATA as string, email)
    assert.match((await browser.submit(verify, { code: code as string })).url, /said=verified/)
    const begun = await browser.submit(
      await browser.open(`${app.url}/account/ways/totp`),
      {},
      '/account/ways/totp/begin',
    )
    const totp = new TOTP({ secret: markOf(begun, /class="secret" id="secret"><span>([A-Z2-7 ]+)</) })
    const codeNow = () => totp.generate({ timestamp: app.clock.now() })
    assert.match((await browser.submit(begun, { code: codeNow() })).url, /said=added/)
    const other = openPageBrowser(app.url)
    const named = await other.submit(await other.open(`${app.url}/account`), { username: email })
    const further = await other.submit(named, { password })
    assert.doesNotMatch(further.url, /\/account/, 'one step is not enough any more')
    app.clock.advance(30_000)
    const there = await other.submit(further, { code: codeNow() })
    assert.match(there.url, /\/account$/)
    assert.match(there.text, /Phone/)
    const taken = await other.submit(await other.open(`${app.url}/account/data`), {}, '/account/data')
    assert.match(taken.headers.get('content-disposition') ?? '', /^attachment/)
    const own = JSON.parse(taken.text)
    assert.deepEqual([own.account.email, own.credentials.length, own.sessions.length], [email, 2, 2])
    assert.ok(own.events.length > 4 && !/secret|hash/i.test(taken.text), 'what is kept, and no secret')
    const gone = await other.submit(await other.open(`${app.url}/account/delete`), { name: email })
    assert.match(gone.text, /The account is deleted/)
    assert.match(
      (await browser.open(`${app.url}/account`)).url,
      /\/signin\?/,
      'the other browser is signed out',
    )
  })

  test(`${engine.name}: sensitive pages ask for recent evidence first, and return`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const browser = openPageBrowser(app.url)
    await signUp(app, browser)
    app.clock.advance(3_600_000)
    for (const path of [
      '/account/ways/totp',
      '/account/addresses/email',
      '/account/delete',
      '/account/data',
    ]) {
      const asked = await browser.open(app.url + path)
      assert.match(asked.url, /\/signin\/att_/, path)
    }
    const asked = await browser.open(`${app.url}/account/ways/totp`)
    assert.match((await browser.submit(asked, { password: 'wrong' })).url, /fault=wrong/)
    const back = await browser.submit(asked, { password })
    assert.equal(back.url, `${app.url}/account/ways/totp`)
  })
}

/**
 * Every form there is, as the routes were made; a place in its path is filled with an id of the right shape.
 */
const formsOf = ({ running }: TestServer): string[] => {
  const ids = { credentials: 'crd', devices: 'ses', applications: 'cli', signin: 'att', organisations: 'org' }
  return running.forms.map((path) =>
    path
      .replace(
        /\/(\w+)\/:id/,
        (_, place: keyof typeof ids) => `/${place}/${ids[place]}_01m8ecgnb5ew7vf7dn9tyhkxjc`,
      )
      .replace(':kind', 'email')
      .replace(':uid', 'q0xK2v1Zq0xK2v1Zq0xK2')
      .replace(':slug', 'google')
      .replace(':account', 'acc_01m8ecgnb5ew7vf7dn9tyhkxjc')
      .replace(':invitation', 'tkt_01m8ecgnb5ew7vf7dn9tyhkxjc')
      .replace(':domain', 'corp.example')
      .replace(':connection', 'con_01m8ecgnb5ew7vf7dn9tyhkxjc'),
  )
}

test('every form on a page is registered with formRoute', async (t) => {
  const app = await server(t)
  const browser = openPageBrowser(app.url)
  const welcome = await signUp(app, browser)
  const paths = [
    '/account',
    '/account/ways/totp',
    '/account/ways/password',
    '/account/addresses/email',
    '/account/data',
    '/account/delete',
  ]
  const pages = [welcome, ...(await Promise.all(paths.map((path) => browser.open(app.url + path))))]
  const shown = pages.flatMap(({ text }) =>
    [...text.matchAll(/<form method="post" action="([^"?]+)/g)].map(([, action]) => action as string),
  )
  assert.ok(shown.length > 10)
  const known = app.running.forms.map((path) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`))
  for (const action of shown)
    assert.ok(
      known.some((pattern) => pattern.test(action)),
      action,
    )
  assert.ok(formsOf(app).length >= 30, 'the list is not empty by mistake')
  assert.ok(formsOf(app).every((path) => !path.includes(':')))
})
test('every form refuses cross-site requests, without revealing who is signed in', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const victim = openBrowser(app)
  await victim.post('/login', { username: user.email, password: user.password })
  const { id } = (await victim.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })).body
  for (const path of [...formsOf(app), `/signin/${id}`])
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
    ]) {
      const reply = await victim.call('POST', path, { form: { name: 'x', username: user.email }, headers })
      assert.equal(reply.status, 403, `${path} ${JSON.stringify(headers)}`)
      assert.deepEqual(reply.headers.getSetCookie(), [], path)
    }
  assert.equal((await app.get('/v1/me', { token: user.accessToken })).status, 200, 'nothing was done')
})

test('errors are pages for browsers and problem documents for programs', async (t) => {
  const app = await server(t)
  const person = {
    accept: 'text/html',
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'accept-language': 'ko',
  }
  const missing = await app.get('/nothing/<script>', { headers: { ...person, 'sec-fetch-site': 'none' } })
  assert.equal(missing.status, 404)
  assert.match(missing.body, /페이지를 찾을 수 없습니다/)
  assert.doesNotMatch(missing.body, /nothing\/<script>/)
  const crossing = await app.post('/signin', {
    form: { username: 'x' },
    headers: { ...person, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(crossing.status, 403)
  assert.match(crossing.body, /다른 사이트에서 보낸 양식/)
  assert.match(crossing.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  assert.equal((await app.get('/nothing')).body.code, 'not_found')
  assert.equal(
    (await app.get('/v1/me', { headers: { 'sec-fetch-dest': 'empty', accept: '*/*' } })).body.code,
    'not_authenticated',
  )
  assert.match(
    (await openPageBrowser(app.url).open(app.url)).url,
    /\/signin\?return_to=%2Faccount$/,
    'the root path redirects to a page',
  )
})

test('no form answers 5xx, whatever it is sent', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = openBrowser(app)
  await browser.post('/login', { username: user.email, password: user.password })
  const { id } = (await browser.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })).body
  const strange = [
    null,
    [],
    'x',
    7,
    { name: 7 },
    { name: {}, answer: [] },
    { method: 'none', step: 'answer' },
    { session: 'ses_', value: [] },
  ]
  for (const path of [...formsOf(app).filter((form) => form !== '/account/sign-out'), `/signin/${id}`])
    for (const json of [
      ...strange,
      { answer: '{' },
      { answer: 'null' },
      { name: 'x'.repeat(10_000), username: '\u0000' },
    ]) {
      const reply = await browser.call('POST', path, { json })
      assert.ok(reply.status < 500, `${path} ${JSON.stringify(json)}: ${reply.status}`)
    }
  for (const path of [
    '/signin/att_x',
    '/account/credentials/crd_x',
    '/account/activity?before=x',
    '/signin?fault=nonsense',
    '/language/xx',
    '/account/ways/none',
  ])
    assert.ok([303, 400, 404].includes((await browser.get(path)).status), path)
})

test('every page forbids framing, caching, referrers and external resources', async (t) => {
  const app = await server(t)
  const browser = openPageBrowser(app.url)
  await signUp(app, browser)
  const { id } = await application(app, {}, {})
  const config = await discover(app, { id, secret: undefined })
  const paths = [
    '/signin',
    '/recover',
    '/signup',
    '/account',
    '/account/activity',
    '/account/ways/totp',
    '/account/addresses/phone',
    '/account/delete',
    '/oauth/device',
    '/undo',
    '/signin/unreachable',
  ]
  const asked = await request(config)
  for (const url of [
    ...paths.map((path) => app.url + path),
    asked.url,
    `${app.url}/oauth/authorize?client_id=nobody`,
  ]) {
    const page = await browser.open(url)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(
      policy,
      /default-src 'none'.*form-action 'self'; base-uri 'none'; frame-ancestors 'none'/,
      url,
    )
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, url)
    assert.equal(page.headers.get('cache-control'), 'no-store', url)
    assert.equal(page.headers.get('referrer-policy'), 'same-origin', url)
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff', url)
    assert.doesNotMatch(
      page.text,
      /\son\w+="|javascript:|<(script|img|link)[^>]*\b(src|href)="(?!data:|#)/,
      `${url} has a handler, or loads something`,
    )
    const nonces = [...page.text.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag)
    assert.ok(
      nonces.every((tag) => /nonce="[A-Za-z0-9+/]{22}=="/.test(tag)),
      url,
    )
  }
})

test('names of users, browsers, keys and clients are escaped', async (t) => {
  const app = await server(t)
  const evil = `"'><img src=x onerror=alert(1)><script>alert(1)</script>{evil, plural,`
  const browser = openPageBrowser(app.url)
  await signUp(app, browser, { name: evil.slice(0, 90) })
  const account = await app.running.engine.store.accounts.findByIdentifier('email', email)
  const other = openBrowser(app, { 'user-agent': `Evil${evil}/1.0` })
  await other.post('/login', { username: email, password })
  const begun = await browser.submit(
    await browser.open(`${app.url}/account/ways/totp`),
    {},
    '/account/ways/totp/begin',
  )
  const totp = new TOTP({ secret: markOf(begun, /class="secret" id="secret"><span>([A-Z2-7 ]+)</) })
  await browser.submit(begun, { code: totp.generate({ timestamp: app.clock.now() }) })
  const held = await app.running.engine.store.credentials.listByAccount(account?.id as `acc_${string}`)
  const path = `/account/credentials/${held.find(({ kind }) => kind === 'totp')?.id}`
  await browser.submit(await browser.open(app.url + path), { name: evil.slice(0, 90) }, `${path}/rename`)
  const { id } = await application(app, { client_name: evil }, {})
  await app.running.engine.store.consents.put({
    accountId: account?.id as `acc_${string}`,
    clientId: id,
    granted: { scopes: ['openid'], claims: [], resources: {} },
    now: app.clock.now(),
  })
  const asked = await request(await discover(app, { id, secret: undefined }), {
    login_hint: evil,
    ui_locales: evil,
  })
  const pages = [
    await browser.open(`${app.url}/account`),
    await openPageBrowser(app.url).open(asked.url),
    await openPageBrowser(app.url).open(
      `${app.url}/language/ko?return_to=${encodeURIComponent(`/signin?x=${evil}`)}`,
    ),
    await openPageBrowser(app.url).open(`${app.url}/oauth/authorize?client_id=${encodeURIComponent(evil)}`),
  ]
  for (const page of pages) assert.doesNotMatch(page.text, /<img src=x|<script>alert/, page.url)
  const [overview] = pages as [Page]
  assert.equal(
    overview.text.match(/&lt;script&gt;/g)?.length,
    6,
    'the user twice; key and client twice, once for screen readers',
  )
})

test('no page redirects to another site (open redirect)', async (t) => {
  const app = await server(t)
  const away = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/account/../../evil',
    '/account//evil.example',
    '/%2f%2fevil.example',
    '/account?x=//e',
    '\t//evil.example',
    'javascript:alert(1)',
    '/language/ko/../..//evil.example',
  ]
  for (const to of away) {
    for (const path of ['/signin', '/recover', '/signup', '/signin/done'])
      assert.ok(
        [200, 400].includes((await app.get(`${path}?return_to=${encodeURIComponent(to)}`)).status),
        `${path} ${to}`,
      )
    const signIn = await app.get(`/signin?return_to=${encodeURIComponent(to)}`)
    assert.doesNotMatch(String(signIn.body), /evil/, to)
    const language = await app.call('GET', `/language/ko?return_to=${encodeURIComponent(to)}`, {
      redirect: 'manual',
    } as never)
    const location = language.headers.get('location')
    if (location !== null) assert.equal(new URL(location, app.url).origin, app.url, to)
  }
  const page = await openPageBrowser(app.url).open(`${app.url}/language/ja?return_to=/recover`)
  assert.equal(page.url, `${app.url}/recover`)
  assert.match(page.text, /<html lang="ja"/)
})

test('a restarted attempt keeps its return URL; a repeated answer is idempotent; tabs are independent', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const { id } = await application(app)
  const browser = openPageBrowser(app.url)
  const asked = await request(await discover(app, { id, secret: undefined }))
  const first = await browser.open(asked.url)
  const proving = await browser.submit(first, { username: user.email })
  app.clock.advance(601_000)
  const late = await browser.submit(proving, { password: user.password })
  assert.match(late.url, /\/signin\?interaction=.*fault=over/)
  assert.match(late.text, /Start again/)
  const again = await browser.submit(late, { username: user.email })
  const done = await browser.submit(again, { password: user.password })
  assert.ok(done.url.startsWith(callback), `${done.url} ${done.text}`)
  const twice = await browser.submit(again, { password: user.password })
  assert.match(twice.url, /\/oauth\/interaction\//, 'a signed-in user continues')
  assert.match(twice.text, /Go back to the application/)
  const tabs: Page[] = []
  for (let count = 0; count < 100; count++) {
    const name = await browser.open(`${app.url}/signin?another=yes`)
    tabs.push(await browser.submit(name, { username: user.email }))
  }
  assert.match((await browser.submit(tabs[0] as Page, { password: user.password })).url, /\/account$/)
  assert.match((await browser.submit(tabs[99] as Page, { password: user.password })).url, /\/account$/)
})

test('the first page is one reply under 20 kB, with less than 15 kB of script', async (t) => {
  const app = await server(t)
  const page = await openPageBrowser(app.url).open(`${app.url}/signin`)
  const headers = [...page.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n').length
  assert.ok(
    Buffer.byteLength(page.text) + headers <= 20_000,
    `${Buffer.byteLength(page.text) + headers} bytes`,
  )
  const script = /<script[^>]*>(.*)<\/script>/s.exec(page.text)?.[1] ?? ''
  assert.ok(
    script.length > 100 && Buffer.byteLength(script) < 15_000,
    `${Buffer.byteLength(script)} bytes of script`,
  )
})

test('two accounts on one browser: choosing, signing out, and no choice of an account that is not signed in', async (t) => {
  const app = await server(t)
  const plain = ({ text }: Page): string => text.replaceAll('<wbr>', '')
  const [minji, taro] = [await app.user(), await app.user()]
  const browser = openPageBrowser(app.url)
  const signIn = async ({ email: username, password: secret }: typeof minji) =>
    browser.submit(await browser.submit(await browser.open(`${app.url}/signin?another=yes`), { username }), {
      password: secret,
    })
  await signIn(minji)
  assert.match((await signIn(taro)).text, new RegExp(taro.email))
  const chooser = await browser.open(`${app.url}/signin`)
  const sessions = [...chooser.text.matchAll(/name="session" value="(ses_\w+)"/g)].map(
    ([, id]) => id as string,
  )
  assert.equal(sessions.length, 2)
  assert.match(plain(chooser), new RegExp(`${taro.email}.*${minji.email}`, 's'))
  assert.match(
    plain(await browser.submit(chooser, { session: sessions[1] as string })),
    new RegExp(minji.email),
  )
  const foreign = await app.user()
  const stranger = (await app.get('/v1/me/sessions', { token: foreign.accessToken })).body.sessions[0].id
  assert.match((await browser.submit(chooser, { session: stranger })).url, /fault=over/)
  const account = await browser.open(`${app.url}/account`)
  assert.match(account.text, new RegExp(minji.email), 'the choice that was none changed nothing')
  const left = await browser.submit(account, {}, '/account/sign-out')
  assert.match(plain(left), new RegExp(taro.email))
  assert.doesNotMatch(plain(left), new RegExp(minji.email))
  const wrongly = await browser.submit(chooser, { session: sessions[1] as string })
  assert.match(wrongly.url, /fault=over/, 'a session that was signed out is not chosen again')
})
