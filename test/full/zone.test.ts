import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { signInAtPage } from '../support/sign-in-page.ts'

// Times are those of the reader, on pages and in mails, wherever the server is.
const options = { skip: skipWithoutChromium, timeout: 60_000 }

test('a page says times in the zone of its reader, and so do the mails that follow', options, async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const browser = await openBrowser(t)
  const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul' })
  const page = await context.newPage()
  await page.goto(`${app.url}/signin`)
  await signInAtPage(page, user)
  await page.waitForURL(/\/account/)
  const time = page.locator('section[aria-labelledby=activity] time').first()
  const at = new Date((await time.getAttribute('datetime')) as string)
  const seoul = { timeZone: 'Asia/Seoul' } as const
  const expected = new Intl.DateTimeFormat('ko', { dateStyle: 'medium', timeStyle: 'short', ...seoul })
  assert.equal(await time.getAttribute('title'), expected.format(at))
  assert.match((await time.textContent()) ?? '', /지금|초 전|분 전/)

  // The server renders the next page in that zone itself.
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { cookie, 'sec-fetch-site': 'none', 'accept-language': 'ko' }
  const { body } = await app.get('/account', { headers })
  const hour = new Intl.DateTimeFormat('ko', { hour: 'numeric', minute: '2-digit', ...seoul }).format(at)
  assert.ok(String(body).includes(hour), hour)

  const folder = app.environment.SUMUN_DATA as string
  const { text } = await messageTo(folder, user.email, ({ subject }) => /New sign-in/.test(subject))
  assert.match(text, /GMT\+9/)
  assert.match(text, /Chrome/)
  assert.doesNotMatch(text, /Mozilla/)
})

test('without script, and for a zone that is none, a time names its zone', options, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = await openBrowser(t)
  const context = await browser.newContext({ javaScriptEnabled: false, timezoneId: 'Asia/Seoul' })
  for (const value of ['', 'Mars/Olympus', 'x'.repeat(500), '../../etc/localtime', 'Asia/Seoul"><b>']) {
    await context.addCookies([{ name: 'sumun_zone', value: encodeURIComponent(value), url: app.url }])
    const page = await context.newPage()
    await page.goto(`${app.url}/signin`)
    if (page.url().includes('/signin') && (await page.locator('#username').count()) > 0) {
      await signInAtPage(page, user)
      await page.waitForURL(/\/account/)
    }
    await page.goto(`${app.url}/account`)
    assert.match((await page.locator('time').first().textContent()) ?? '', /UTC/, value)
    await page.close()
  }
})
