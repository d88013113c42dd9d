import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words } from '../../src/words/pages.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/postgres.ts'
import { signUpAtPage } from '../support/sign-up-page.ts'

// On a name that is neither https nor this machine, browsers send no Fetch Metadata.
test('Chromium: sign-up, sign-in and sign-out work on a plain-http host name of a local network', {
  skip: skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const port = await freePort()
  const issuer = `http://sumun.test:${port}`
  await server(t, { settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: issuer } })
  const page = await (await openBrowser(t)).newPage({ locale: 'en-GB' })
  const user = { email: 'kim@example.com', password: 'copper lantern under the pier' }
  await page.goto(`${issuer}/signup`)
  await signUpAtPage(page, user)
  await page.waitForURL(/\/account/)
  await page.locator('form[action$="/account/sign-out"] button').first().click()
  await page.waitForURL(/\/signin/)
  await page.fill('#username', user.email)
  await page.click('main form button:not([type=button])')
  await page.fill('[name=password]', user.password)
  await page.click('main form button:not([type=button])')
  await page.waitForURL(/\/account/)
  assert.ok((await page.content()).includes(user.email))
})

test('Chromium: a form of another site on a plain-http network is refused with a page, not with JSON', {
  skip: skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const port = await freePort()
  const issuer = `http://sumun.test:${port}`
  const app = await server(t, { settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: issuer } })
  const user = await app.user()
  const context = await (await openBrowser(t)).newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  const fields = `<input name="username" value="${user.email}"><input name="password" value="${user.password}">`
  await context.route('http://evil.test/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'referrer-policy': 'no-referrer' },
      body: `<form method="post" action="${issuer}/signin">${fields}<button>go</button></form>`,
    }),
  )
  await page.goto('http://evil.test/')
  const [reply] = await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(issuer)),
    page.click('button'),
  ])
  assert.equal(reply.status(), 403)
  assert.match(reply.headers()['content-type'] ?? '', /text\/html/)
  assert.ok((await page.content()).includes(words.en.signUp.crossSite.slice(0, 20)))
})
