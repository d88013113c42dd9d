import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { words } from '../../src/words/pages.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/free-port.ts'
import { application } from '../support/oidc.ts'
import { inspect } from '../support/page-check.ts'
import { connect, startUpstream } from '../support/upstream.ts'

// Sign-in with an account elsewhere, in a real browser: a simulator whose user presses a button, and a second Sumun.
const views = {
  'ko-phone-light': { locale: 'ko-KR', colorScheme: 'light', viewport: { width: 360, height: 740 } },
  'en-wide-dark': { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  'ja-no-script': {
    ...{ locale: 'ja-JP', colorScheme: 'light', viewport: { width: 320, height: 640 } },
    javaScriptEnabled: false,
  },
} as const satisfies Record<string, BrowserContextOptions>

const options = { skip: skipWithoutChromium, timeout: 120_000 }
const submit = (page: Page) => page.click('main form button:not([type=button])')
const button = (page: Page, name: RegExp | string) => page.getByRole('button', { name }).first()

for (const [view, look] of Object.entries(views)) {
  const locale = look.locale.slice(0, 2) as 'en'
  const said = words[locale].upstream
  const named = (text: string, name: string) =>
    new RegExp(text.replace('(으)로', '(으)?로').replace('{name}', name))
  const hasScript = !('javaScriptEnabled' in look)

  async function opened(t: TestContext) {
    const app = await server(t, { settings: { SUMUN_SITE_NAME: 'Paper Boats' } })
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    // axe-core needs script.
    const inspectAs = (name: string) =>
      hasScript ? inspect(page, `${view}-upstream-${name}`) : Promise.resolve()
    /** Without script, the page on the way has a button. */
    const pressOn = async () => {
      if (!hasScript) await submit(page)
    }
    return { app, page, inspectAs, pressOn }
  }

  test(`${view}: a sign-in through a provider, and every way that it fails`, options, async (t) => {
    const { app, page, inspectAs, pressOn } = await opened(t)
    const upstream = await startUpstream(t, { asks: true })
    for (const [slug, name] of [
      ['kakao', { en: 'Kakao', ko: '카카오', ja: 'カカオ' }],
      ['naver', { en: 'Naver', ko: '네이버', ja: 'NAVER' }],
      ['google', { en: 'Google', ko: 'Google', ja: 'Google' }],
      ['line', { en: 'LINE', ko: 'LINE', ja: 'LINE' }],
    ] as const)
      await connect(app, upstream, { slug, names: name, position: slug === 'kakao' ? 1 : 100 })
    const kakao = { en: 'Kakao', ko: '카카오', ja: 'カカオ' }[locale]
    const start = async () => {
      await page.goto(`${app.url}/signin?another=yes`)
      await button(page, named(said.with, kakao)).click()
      await page.waitForURL(/localhost:\d+\/authorize/)
    }

    await page.goto(`${app.url}/signin`)
    await inspectAs('1-buttons')
    await start()
    upstream.quirks = { asks: true, response: { error: 'access_denied', code: undefined } }
    await page.reload()
    await page.click('#agree')
    await pressOn()
    await page.getByRole('heading', { name: said.failed }).waitFor()
    await inspectAs('2-cancelled')
    await page.click('main a.button')
    await page.locator('#username').waitFor()

    upstream.quirks = { asks: true }
    await app.user({ email: 'kim@example.com' })
    await start()
    await page.click('#agree')
    await pressOn()
    await page.getByRole('heading', { name: said.existsTitle }).waitFor()
    await inspectAs('3-account-exists')
    await submit(page)
    await page.fill('input[type=password]', 'copper lantern under the pier')
    await submit(page)
    await page.getByRole('button', { name: said.link, exact: true }).waitFor()
    await inspectAs('4-link')
    await page.getByRole('button', { name: said.link, exact: true }).click()
    await page.waitForURL(/said=linked/)
    assert.match((await page.locator('main').textContent()) ?? '', new RegExp(kakao))
    await inspectAs('5-linked')

    // A second identity of the same provider, by the account page.
    upstream.user = { sub: 'second', email: 'second@example.com', name: 'Second' }
    await button(page, named(said.add, kakao)).click()
    await page.waitForURL(/authorize/)
    await page.click('#agree')
    await pressOn()
    await page.waitForURL(/said=linked/)
    assert.match((await page.locator('main').textContent()) ?? '', /second@example\.com/)
    await inspectAs('6-two-linked')
    await button(page, named(said.add, kakao)).click()
    await page.waitForURL(/authorize/)
    await page.click('#agree')
    await pressOn()
    await page.waitForURL(/fault=conflict/)
    await inspectAs('7-linked-already')

    await page.context().clearCookies()
    await start()
    await page.click('#agree')
    await pressOn()
    await page.waitForURL(`${app.url}/account`)
    await page.goto(`${app.url}/v1/callback/kakao?state=${'x'.repeat(43)}&code=1`)
    await inspectAs('8-over')
    const { engine } = app.running
    const connection = await engine.store.connections.findBySlug('kakao')
    assert.ok(connection && (await engine.store.connections.update({ ...connection, newAccounts: 'never' })))
    upstream.user = { sub: 'unknown', name: 'Unknown' }
    await start()
    await page.click('#agree')
    await pressOn()
    await page.getByRole('heading', { name: said.failed }).waitFor()
    await inspectAs('9-closed')
  })

  test(`${view}: a sign-in through a second Sumun`, options, async (t) => {
    const upstream = await server(t)
    // Cookies know no ports: the two have different hosts.
    const port = await freePort()
    const app = await server(t, {
      settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: `http://127.0.0.1:${port}` },
    })
    const callback = `http://127.0.0.1:${port}/v1/callback/second`
    const { id, secret } = await application(upstream, {
      redirect_uris: [callback],
      client_name: 'First Sumun',
    })
    await connect(
      app,
      { issuer: upstream.url, clientId: id, secret: secret as string },
      {
        slug: 'second',
        names: { en: 'Second Sumun', ko: '두 번째 수문', ja: '二番目の水門' },
        settings: { authentication: 'client_secret_basic' },
      },
    )
    const user = await upstream.user()
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    const pressOn = async () => {
      if (!hasScript) await submit(page)
    }
    const name = { en: 'Second Sumun', ko: '두 번째 수문', ja: '二番目の水門' }[locale]
    await page.goto(`http://127.0.0.1:${port}/signin`)
    await button(page, named(said.with, name)).click()
    await page.waitForURL(/localhost:\d+\/signin/)
    await page.fill('#username', user.email)
    await submit(page)
    await page.fill('input[type=password]', user.password)
    await submit(page)
    await page
      .getByText(locale === 'en' ? 'Signing you in' : said.returning)
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined)
    await pressOn()
    await page.waitForURL(`http://127.0.0.1:${port}/account`)
    assert.match((await page.locator('main').textContent()) ?? '', new RegExp(name))
    // Signed in there, the next time takes no typing.
    await page.context().clearCookies({ domain: '127.0.0.1' })
    await page.goto(`http://127.0.0.1:${port}/signin`)
    await button(page, named(said.with, name)).click()
    await page.waitForURL(/127\.0\.0\.1:\d+\/(account|v1\/callback|signin\/callback)/)
    await pressOn()
    await page.waitForURL(`http://127.0.0.1:${port}/account`)
  })
}
