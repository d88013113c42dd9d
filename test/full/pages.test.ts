import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { words as ofPassword } from '../../src/methods/password/words.ts'
import { words } from '../../src/words/pages.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { application, discover, request } from '../support/oidc.ts'
import { inspect } from '../support/page-check.ts'
import { declineOffer } from '../support/sign-in-page.ts'

/**
 * Every page in every state that a form can lead to, looked at by axe-core. Korean, light and narrow is
 * new-user.test.ts.
 */
const views = {
  'en-wide-dark': { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  'ja-narrow-light': { locale: 'ja-JP', colorScheme: 'light', viewport: { width: 320, height: 640 } },
} as const satisfies Record<string, BrowserContextOptions>

const options = { skip: skipWithoutChromium, timeout: 120_000 }
const submit = (page: Page) => page.click('main form button:not([type=button])')

for (const [view, look] of Object.entries(views)) {
  const said = words[look.locale.slice(0, 2) as 'en']

  async function opened(
    t: TestContext,
  ): Promise<{ app: TestServer; page: Page; inspectAs: (name: string) => Promise<void> }> {
    const app = await server(t, { settings: { SUMUN_SITE_NAME: 'Paper Boats' } })
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    return { app, page, inspectAs: (name) => inspect(page, `${view}-${name}`) }
  }

  test(`${view}: sign-in, in every state`, options, async (t) => {
    const { app, page, inspectAs } = await opened(t)
    const user = await app.user()
    await page.goto(`${app.url}/signin`)
    await inspectAs('signin-1-name')
    await page.fill('#username', user.email)
    await submit(page)
    await inspectAs('signin-2-prove')
    await page.fill('input[type=password]', 'wrong')
    await submit(page)
    assert.equal(
      await page.getByRole('alert').first().textContent(),
      ofPassword[look.locale.slice(0, 2) as 'en'].wrong,
    )
    await inspectAs('signin-3-wrong')
    await page.goto(`${page.url().split('?')[0]}?method=email-link`)
    await submit(page)
    await inspectAs('signin-4-link-sent')
    const { link } = await messageTo(
      app.environment.SUMUN_DATA as string,
      user.email,
      (message) => message.link !== undefined,
    )
    const elsewhere = await page.context().browser()?.newContext(look)
    const other = (await elsewhere?.newPage()) as Page
    await other.goto(link?.href as string)
    await inspect(other, `${view}-link-1-elsewhere`)
    await other.fill('#number', '00')
    await submit(other)
    await inspect(other, `${view}-link-2-wrong-number`)
    await other.goto(`${app.url}/link/email-link?challenge=x&token=y`)
    await inspect(other, `${view}-link-3-over`)
    await other.goto(`${app.url}/undo?token=nothing`)
    await inspect(other, `${view}-undo-over`)
    await page.goto(link?.href as string)
    await inspectAs('link-4-here')
    await submit(page)
    await inspectAs('link-5-signed-in')
    await page.goto(`${app.url}/signin`)
    await inspectAs('signin-5-already')
    await page.goto(`${app.url}/signin/unreachable`)
    await inspectAs('signin-6-unreachable')
  })

  test(`${view}: the account pages, in every state`, options, async (t) => {
    const { app, page, inspectAs } = await opened(t)
    await page.goto(`${app.url}/signup`)
    await submit(page)
    await inspectAs('signup-1-empty')
    await page.fill('#email', 'minji@example.com')
    await submit(page)
    await page.fill('#password', 'copper lantern')
    await page.locator('.strength meter').waitFor()
    await inspectAs('signup-2-password')
    await page.fill('#password', 'copper lantern under the pier')
    await page.press('#password', 'Enter')
    await inspectAs('account-1-welcome')
    await page.goto(`${app.url}/account/activity`)
    await inspectAs('account-2-activity')
    await page.goto(`${app.url}/account/addresses/phone`)
    await page.fill('#value', 'no number')
    await submit(page)
    await inspectAs('account-3-phone-wrong')
    await page.fill('#value', '+821012345678')
    await submit(page)
    await inspectAs('account-4-code-sent')
    await page.fill('#code', '000000')
    await submit(page)
    await inspectAs('account-5-wrong-code')
    await page.goto(`${app.url}/account/ways/password`)
    await page.fill('#password', 'short')
    await submit(page)
    await inspectAs('account-6-weak-password')
    await page.goto(`${app.url}/account`)
    await page.getByRole('link', { name: said.account.manage }).first().click()
    await inspectAs('account-7-credential')
    await page.getByRole('button', { name: said.account.remove }).click()
    assert.equal(await page.getByRole('alert').textContent(), said.faults.lastWayIn)
    await inspectAs('account-8-last-way-in')
    await page.goto(`${app.url}/account/delete`)
    await page.fill('#name', 'somebody else')
    await submit(page)
    await inspectAs('account-9-delete')
    await page.fill('#name', 'minji@example.com')
    await submit(page)
    await inspectAs('account-10-deleted')
    assert.equal(await page.title(), said.account.deletedTitle)
  })

  test(`${view}: pages of applications, in every state`, options, async (t) => {
    const { app, page, inspectAs } = await opened(t)
    const user = await app.user()
    const device = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token', 'authorization_code']
    const registered = await application(
      app,
      { grant_types: device, client_name: '<b>Boats</b> & “Sons”' },
      {},
    )
    const config = await discover(app, registered)
    const asked = await request(config, { scope: 'openid profile email offline_access' })
    await page.goto(asked.url)
    await inspectAs('application-1-sign-in')
    await page.fill('#username', user.email)
    await submit(page)
    await page.fill('input[type=password]', user.password)
    await submit(page)
    await page.locator('button[value=allow]').waitFor()
    await inspectAs('application-2-consent')
    await page.goto(`${app.url}/oauth/device`)
    await inspectAs('device-1-code')
    await page.fill('#user_code', 'WRONG-CODE')
    await submit(page)
    await inspectAs('device-2-wrong')
    const { body } = await app.post('/oauth/device_authorization', {
      form: { client_id: registered.id, client_secret: registered.secret as string, scope: 'openid' },
    })
    await page.goto(body.verification_uri_complete)
    await inspectAs('device-3-confirm')
    await page.goto(`${app.url}/oauth/logout`)
    await inspectAs('logout-1-ask')
    await submit(page)
    await page.getByRole('heading', { name: said.logout.doneTitle }).waitFor()
    await inspectAs('logout-2-done')
    await page.goto(`${app.url}/oauth/authorize?client_id=nobody`)
    await inspectAs('application-3-error')
    await page.goto(`${app.url}/oauth/interaction/${'x'.repeat(43)}`)
    await inspectAs('application-4-over')
  })
}

test('sign-in by keyboard alone, in reading order, with visible focus', options, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const page = await (await (await openBrowser(t)).newContext({ locale: 'en-GB' })).newPage()
  await page.goto(`${app.url}/signin`)
  await page.locator('#username:focus').waitFor()
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLElement
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return {
        what: element.id || element.getAttribute('name') || element.textContent,
        isSeen: outlineStyle !== 'none' && Number.parseInt(outlineWidth, 10) >= 2,
      }
    })
  const order: unknown[] = [await focused()]
  for (let times = 0; times < 4; times++) {
    await page.keyboard.press('Tab')
    order.push(await focused())
  }
  const expected = ['username', 'Continue', 'Sign in with a passkey', 'Create account', 'Trouble signing in?']
  assert.deepEqual(
    order,
    expected.map((what) => ({ what, isSeen: true })),
  )
  await page.reload()
  await page.locator('#username:focus').waitFor()
  await page.keyboard.type(user.email)
  await page.keyboard.press('Enter')
  await page.locator('#password:focus').waitFor()
  await page.keyboard.type(user.password)
  await declineOffer(page)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'My account' }).waitFor()
})

test('a mailed link approved on another device lets the waiting page continue', options, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const browser = await openBrowser(t)
  const open = async () => (await browser.newContext({ locale: 'en-GB' })).newPage()
  const [page, phone] = [await open(), await open()]
  await page.goto(`${app.url}/signin`)
  await page.fill('#username', user.email)
  await submit(page)
  await page.getByText('Try another way').click()
  await page.getByRole('button', { name: 'Link by email' }).click()
  await submit(page)
  const { link } = await messageTo(
    app.environment.SUMUN_DATA as string,
    user.email,
    (message) => message.link !== undefined,
  )
  await phone.goto(link?.href as string)
  await phone.fill('#number', (await page.locator('.code').textContent()) as string)
  await submit(phone)
  await phone.getByRole('heading', { name: 'Approved' }).waitFor()
  await declineOffer(page)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'My account' }).waitFor()
})

test('password managers find their fields, codes autofill, and a form is sent once', options, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const page = await (await (await openBrowser(t)).newContext({ locale: 'en-GB' })).newPage()
  const attributes = (selector: string, ...names: string[]) =>
    page
      .locator(selector)
      .evaluate((element, wanted) => wanted.map((name) => element.getAttribute(name)), names)
  await page.goto(`${app.url}/signup`)
  assert.deepEqual(await attributes('#email', 'type', 'autocomplete', 'inputmode'), [
    'email',
    'email',
    'email',
  ])
  await page.fill('#email', 'new@example.com')
  await submit(page)
  assert.deepEqual(await attributes('#password', 'type', 'autocomplete', 'onpaste'), [
    'password',
    'new-password',
    null,
  ])
  assert.deepEqual(await attributes('input[autocomplete=username]', 'value'), ['new@example.com'])
  await page.goto(`${app.url}/signin`)
  assert.deepEqual(await attributes('#username', 'autocomplete', 'autocapitalize'), [
    'username webauthn',
    'none',
  ])
  await page.fill('#username', user.email)
  await submit(page)
  assert.deepEqual(await attributes('#password', 'type', 'autocomplete'), ['password', 'current-password'])
  assert.deepEqual(
    await attributes('input[name=username][autocomplete]', 'value', 'autocomplete'),
    [user.email, 'username'],
    'beside the secret stands whose it is',
  )
  await page.fill('#password', 'something')
  await page.getByRole('button', { name: 'Show' }).click()
  assert.equal(await page.locator('#password').getAttribute('type'), 'text')
  await page.keyboard.down('CapsLock')
  await page.getByRole('button', { name: 'Hide' }).click()
  assert.equal(await page.locator('#password').getAttribute('type'), 'password')
  await page.getByText('Try another way').click()
  await page.getByRole('button', { name: 'Code by email' }).click()
  let sent = 0
  page.on('request', (asked) => {
    if (asked.method() === 'POST') sent++
  })
  await page.getByRole('button', { name: 'Send it' }).dblclick()
  await page.getByText(/Sent to/).waitFor()
  assert.equal(sent, 1, 'pressed twice, sent once')
  assert.deepEqual(await attributes('#code', 'autocomplete', 'inputmode'), ['one-time-code', 'numeric'])
  assert.equal(await page.getByRole('button', { name: /Send again \(0:\d\d\)/ }).isDisabled(), true)
  await page.reload()
  await page.getByText(/Sent to/).waitFor()
  await page.goBack()
  await page.goForward()
  await page.getByText(/Sent to/).waitFor()
  assert.equal(sent, 1, 'back, forward and reload send nothing')
  await page.goto(`${app.url}/.well-known/change-password`)
  assert.match(page.url(), /\/signin\?return_to=%2Faccount$/)
})

test(
  'no layout shift when the script runs, and without script no button that needs it',
  options,
  async (t) => {
    const app = await server(t)
    const user = await app.user()
    const browser = await openBrowser(t)
    const boxes = (page: Page): Promise<unknown[]> =>
      page
        .locator('body *:visible')
        .evaluateAll((all) => all.map((one) => [one.localName, JSON.stringify(one.getBoundingClientRect())]))
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    await page.goto(`${app.url}/signin`)
    await page.fill('#username', user.email)
    await submit(page)
    for (const url of [page.url(), `${app.url}/signin`, `${app.url}/signup`]) {
      await page.goto(url)
      await page.waitForTimeout(200) // the script has run, and what it asks of the browser is answered
      const withScript = await boxes(page)
      await page.route('**/*', async (route) => {
        const reply = await route.fetch()
        await route.fulfill({
          response: reply,
          body: (await reply.text()).replace(/<script.*<\/script>/s, ''),
        })
      })
      await page.goto(url)
      assert.deepEqual(await boxes(page), withScript, url)
      await page.unroute('**/*')
    }
    const bare = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await bare.goto(`${app.url}/signin`)
    assert.equal(await bare.locator('[data-with-script]').count(), 1)
    assert.equal(await bare.locator('[data-with-script]:visible').count(), 0)
  },
)

/**
 * What the first paint of a page took, and how far anything on it moved afterwards (Layout Instability API).
 */
const measurePaint = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ resources: string[]; shift: number; painted: boolean; bytes: number }>((resolve) => {
        let shift = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shift += (entry as unknown as { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
        window.setTimeout(() => {
          const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
          // What script itself calls (the browser's own offer of passkeys) comes after the paint.
          const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
          resolve({
            resources: resources
              .filter(({ initiatorType }) => initiatorType !== 'fetch')
              .map(({ name }) => name),
            shift,
            painted: performance.getEntriesByName('first-contentful-paint').length === 1,
            bytes: navigation?.transferSize ?? Number.POSITIVE_INFINITY,
          })
        }, 300)
      }),
  )

test('a page on a slow connection is painted at once: no layout shift', options, async (t) => {
  const app = await server(t)
  const { body, headers } = await app.get('/signin', {
    headers: { accept: 'text/html', 'accept-language': 'ko' },
  })
  const line = createServer(async (_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': headers.get('content-security-policy') ?? '',
    })
    for (let at = 0; at < body.length; at += 1500) {
      response.write(body.slice(at, at + 1500))
      await setTimeout(100)
    }
    response.end()
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  t.after(() => line.close())
  const page = await (
    await (await openBrowser(t)).newContext({ viewport: { width: 1280, height: 800 } })
  ).newPage()
  await page.goto(`http://127.0.0.1:${(line.address() as AddressInfo).port}/`)
  assert.ok(body.length > 4 * 1500)
  assert.equal((await measurePaint(page)).shift, 0)
})

test(
  'the first page is painted from one reply, without layout shift, and is readable at 200 % zoom',
  options,
  async (t) => {
    const app = await server(t)
    const page = await (
      await (await openBrowser(t)).newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 } })
    ).newPage()
    await page.goto(`${app.url}/signin`)
    await page.locator('#username:focus').waitFor()
    const measured = await measurePaint(page)
    assert.deepEqual({ ...measured, bytes: 0 }, { resources: [], shift: 0, painted: true, bytes: 0 })
    assert.ok(measured.bytes <= 20_000, `${measured.bytes} bytes`)
    // twice the size on a window of 1280 (WCAG 2.2 §1.4.4)
    await page.setViewportSize({ width: 640, height: 400 })
    await inspect(page, 'zoomed')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s')
          .length,
    )
    assert.equal(moving, 0)
  },
)
