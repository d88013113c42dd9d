import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openPageBrowser, type Page, type PageBrowser } from '../support/page-browser.ts'
import { enrolTotp } from '../support/users.ts'

// What the sign-in pages remember, and where they lead.
const nameAt = async (app: TestServer, browser: PageBrowser, username: string) =>
  browser.submit(await browser.open(`${app.url}/signin?another=yes`), { username })
const signOut = async (app: TestServer, browser: PageBrowser) =>
  browser.submit(await browser.open(`${app.url}/account`), {}, '/account/sign-out')
const recentsOf = ({ text }: Page): string => /<ul class="recents">[\s\S]*?<\/ul>/.exec(text)?.[0] ?? ''

test('the account that signed in last on a browser is one press away, until it is removed', async (t) => {
  const app = await server(t)
  const [kim, lee] = [await app.user({ name: '김민지' }), await app.user()]
  const browser = openPageBrowser(app.url)
  for (const { email, password } of [lee, kim]) {
    await browser.submit(await nameAt(app, browser, email), { password })
    await signOut(app, browser)
  }
  const page = await browser.open(`${app.url}/signin`)
  const recents = recentsOf(page)
  assert.ok(recents.indexOf('김민지') < recents.indexOf(`value="${lee.email}"`), 'the last one first')
  assert.match(recents, /Used last/)
  const chosen = await browser.submit(page, {}, '/signin')
  assert.match(chosen.text, new RegExp(`<strong>${kim.email.replace('@', '<wbr>@')}</strong>`))
  assert.match((await browser.submit(chosen, { password: kim.password })).url, /\/account$/)
  const out = await signOut(app, browser)
  const forgotten = recentsOf(await browser.submit(out, {}, '/signin/forget'))
  assert.ok(!forgotten.includes('김민지') && forgotten.includes(lee.email))
  // Nothing is known on another browser, nor from a cookie of one's own making.
  assert.equal(recentsOf(await openPageBrowser(app.url).open(`${app.url}/signin`)), '')
  const forged = Buffer.from(JSON.stringify([{ username: 'x', label: '<b>', method: null }])).toString(
    'base64',
  )
  const headers = { cookie: `sumun_recents=${forged}` }
  assert.equal(recentsOf({ text: (await app.get('/signin', { headers })).body } as Page), '')
})

test('the method that an account used last on a browser is asked for first', async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const browser = openPageBrowser(app.url)
  const begin = { method: 'email-code', step: 'choose' }
  let page = await nameAt(app, browser, user.email)
  assert.match(page.text, /type="password"/)
  page = await browser.open(`${page.url}?method=${begin.method}`)
  page = await browser.submit(page, { step: 'begin', method: begin.method })
  const { code } = await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
    /sign-in code/.test(subject),
  )
  assert.match((await browser.submit(page, { code: code as string })).url, /\/account$/)
  await signOut(app, browser)
  const again = await nameAt(app, browser, user.email.toUpperCase())
  assert.match(again.text, /name="method" value="email-code"/)
  assert.match((await nameAt(app, openPageBrowser(app.url), user.email)).text, /type="password"/)
})

test('a forgotten password is one press away, and ends on a form for a new one', async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const browser = openPageBrowser(app.url)
  let page = await browser.submit(await nameAt(app, browser, user.email), {}, '/recover')
  assert.match(page.text, /Recover your account/)
  assert.match(page.text, new RegExp(user.email.replace('@', '<wbr>@')))
  page = await browser.submit(page, { step: 'begin', method: 'email-code' })
  const folder = app.environment.SUMUN_DATA as string
  const { code } = await messageTo(folder, user.email, ({ subject }) => /Recover your account/.test(subject))
  page = await browser.submit(page, { code: code as string })
  assert.match(page.url, /\/account\/ways\/password\?said=recovered/)
  assert.match(page.text, /Set a new password/)
  assert.match(page.text, /<a class="link" href="\/account">Skip<\/a>/)
  page = await browser.submit(page, { password: 'seven herons over the weir' })
  assert.match(page.url, /\/account\?said=/)
  const login = (password: string) => app.post('/login', { json: { username: user.email, password } })
  assert.equal((await login('seven herons over the weir')).status, 200)
  assert.equal((await login(user.password)).status, 400)
})

test('a browser is remembered at the second step, where there is one', async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const phone = await enrolTotp(app, user.accessToken)
  const browser = openPageBrowser(app.url)
  const first = await nameAt(app, browser, user.email)
  assert.doesNotMatch(first.text, /name="remember"/)
  const second = await browser.submit(first, { password: user.password })
  assert.match(second.text, /Skip the second step on this browser for 30 days/)
  const code = phone.codeAt(app.clock.now())
  assert.match((await browser.submit(second, { code, remember: 'yes' })).url, /\/account$/)
  await signOut(app, browser)
  const again = await browser.submit(await nameAt(app, browser, user.email), { password: user.password })
  assert.match(again.url, /\/account$/, 'one step is enough here')
})

test('too many tries are said with the minutes that are left', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = openPageBrowser(app.url)
  let page = await nameAt(app, browser, user.email)
  for (let tries = 0; tries < 40 && !/Try again in/.test(page.text); tries++) {
    const wrong = await browser.submit(page, { password: `wrong ${tries}` })
    page = /type="password"/.test(wrong.text) ? wrong : await nameAt(app, browser, user.email)
  }
  assert.match(page.text, /Try again in \d+ minutes?, or use another way/)
})
