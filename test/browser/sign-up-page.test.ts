import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { offerFirstOperator } from '../../src/engine/sign-up/first-operator.ts'
import { words as ofPassword } from '../../src/methods/password/words.ts'
import { words } from '../../src/words/pages.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { goodPassword } from '../support/client.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'

// The page behind the link of the first start: without script, in three languages, on a phone.
test('the first-operator link works without script, and keeps what was typed after an error', {
  skip: skipWithoutChromium,
  timeout: 60_000,
}, async (t) => {
  const app = await server(t)
  const link = await offerFirstOperator(app.running.engine)
  assert.ok(link)
  const browser = await openBrowser(t)
  const context = await browser.newContext({
    locale: 'ko-KR',
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  const page = await context.newPage()
  await page.goto(link.reveal())
  assert.equal(await page.title(), words.ko.signUp.operatorTitle)
  await page.locator('summary').click()
  await page.locator('#username').fill('minji')
  await page.getByRole('button', { name: words.ko.signIn.continue }).click()
  await page.getByText(ofPassword.ko.rule?.replace('{min}', '8') as string).waitFor()
  await page.getByLabel('비밀번호').fill('password1')
  await page.getByRole('button', { name: words.ko.signUp.submit }).click()
  assert.equal(await page.getByRole('alert').textContent(), words.ko.signUp.faultsTitle)
  assert.match((await page.locator('#password-fault').textContent()) ?? '', /공격자/)
  await page.getByRole('strong').getByText('minji').waitFor()
  assert.equal(await page.locator('#password').inputValue(), '')
  assert.equal(await page.locator('#password').getAttribute('aria-invalid'), 'true')
  await page.getByLabel('비밀번호').fill(goodPassword)
  await page.getByRole('button', { name: words.ko.signUp.submit }).click()
  assert.equal(await page.title(), words.ko.account.title)
  const cookies = await context.cookies()
  assert.deepEqual(
    cookies
      .map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ['sumun_browser', 'sumun_session'].map((name) => ({ name, httpOnly: true, sameSite: 'Lax' })),
  )
  const { body } = await app.post('/login', {
    json: { username: 'minji', password: goodPassword, scope: 'admin' },
  })
  assert.equal(body.scope, 'account') // operating takes a second factor, which is yet to be set up
  assert.equal((await app.get('/v1/me', { token: body.access_token })).body.role, 'operator')
  await page.goto(link.reveal())
  assert.equal(await page.title(), words.ko.signUp.invitationTitle, 'said before anything is typed')
  await page.getByRole('link', { name: words.ko.signIn.title }).click()
  assert.equal(new URL(page.url()).pathname, '/signin')
})

test('sign-up rates a password while it is typed, in the language of the page', {
  skip: skipWithoutChromium,
  timeout: 60_000,
}, async (t) => {
  const app = await server(t)
  const page = await (await (await openBrowser(t)).newContext({ locale: 'ko-KR' })).newPage()
  await page.goto(`${app.url}/signup`)
  await page.fill('#email', 'kim.minji@example.com')
  await page.getByRole('button', { name: words.ko.signIn.continue }).click()
  const rating = page.locator('.strength p')
  const rated = [
    ['short', /^사용할 수 없음: 8자 이상/],
    ['password1', /^사용할 수 없음: 공격자/],
    ['kimminji2024', /^사용할 수 없음: 자신의 이름/],
    ['copper lantern under the pier', /^강함$/],
  ] as const
  for (const [password, expected] of rated) {
    await page.fill('#password', password)
    await rating.filter({ hasText: expected }).waitFor()
  }
  assert.equal(await page.locator('.strength meter').evaluate((meter: HTMLMeterElement) => meter.value), 4)
  await page.getByRole('button', { name: words.ko.signIn.notYou }).click()
  assert.equal(await page.locator('#email').inputValue(), 'kim.minji@example.com')
})

test('a wrong address is named beside its field on the first step, with what was typed', async (t) => {
  const app = await server(t)
  const reply = await app.post('/signup', {
    form: { step: 'who', email: 'minji@example' },
    headers: { 'accept-language': 'ko' },
  })
  assert.equal(reply.status, 400)
  assert.match(reply.body, /id="email-fault">이메일 주소/)
  assert.match(reply.body, /value="minji@example"/)
  const empty = await app.post('/signup', { form: { step: 'who' } })
  assert.equal(empty.status, 400)
  assert.match(empty.body, /id="email-fault"/)
})

test('the form refuses cross-site requests, and typed values are escaped', async (t) => {
  const app = await server(t)
  const form = { username: 'minji', password: goodPassword }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const { status, headers: answered } = await app.post('/signup', {
      form,
      headers: headers as Record<string, string>,
    })
    assert.equal(status, 403)
    assert.equal(answered.get('set-cookie'), null)
  }
  const evil = `"><script>alert(1)</script>&'`
  const reply = await app.post('/signup', {
    form: { username: evil, name: evil, password: 'x', invitation: evil },
  })
  assert.ok(reply.status >= 400 && reply.status < 500)
  assert.doesNotMatch(reply.body, /<script>alert|value="">/)
  assert.match(reply.body, /&quot;&gt;&lt;script&gt;/)
  assert.match(reply.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.doesNotMatch((await app.get(`/signup?invitation=${encodeURIComponent(evil)}`)).body, /<script>/)
  const long = await app.post('/signup', {
    form: { email: 'minji@example.com', password: 'x'.repeat(300) },
    headers: { 'accept-language': 'ko' },
  })
  assert.ok(
    long.body.includes(words.ko.faults.invalid) && !long.body.includes('errors'),
    'words for people, not for programs',
  )
  assert.match(long.body, /value="minji@example.com"/)
})

test('sign-up says what one agrees to where the site has terms, and a phone number’s country is shown', async (t) => {
  const folder = temporaryFolder()
  const brand = join(folder, 'brand.json')
  writeFileSync(brand, JSON.stringify({ links: { terms: 'https://boat.example/terms' } }))
  const app = await server(t, { settings: { SUMUN_BRAND: brand } })
  const how = await app.post('/signup', {
    form: { step: 'who', email: 'minji@example.com' },
    headers: { 'accept-language': 'ko' },
  })
  assert.match(how.body, /다음에 동의하는 것으로[^<]*<a href="https:\/\/boat\.example\/terms"/)
  const without = await (await server(t)).post('/signup', {
    form: { step: 'who', email: 'minji@example.com' },
  })
  assert.doesNotMatch(without.body, /you agree to/)
  const user = await app.user()
  const { headers } = await app.post('/login', { json: { username: user.email, password: user.password } })
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const phone = await app.get('/account/addresses/phone', { headers: { cookie, 'accept-language': 'ko' } })
  assert.match(phone.body, /전화번호 <span class="hint">\(\+82\)/)
  const refused = await app.post('/account/addresses/phone', {
    form: { value: '010-일이삼' },
    headers: { cookie, 'accept-language': 'ko' },
  })
  assert.equal(refused.status, 400)
  assert.match(refused.body, /value="010-일이삼"[\s\S]*id="value-fault">전화번호/)
})
