import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { goodPassword } from '../support/client.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, discover, request } from '../support/oidc.ts'
import { connect, startUpstream } from '../support/upstream.ts'

/**
 * Without script, every button that is shown is pressed, each on a page of its own: it leads somewhere. What
 * it asks for is filled in first, as a user would.
 */
interface Place {
  name: string
  isSignedIn?: boolean
  /** Ends on the page. */
  arrive(page: Page): Promise<unknown>
}

const pressable = 'main button:visible, main a.button:not([href^="otpauth:"]):visible, header button:visible'
const press = (page: Page, selector = 'main form button'): Promise<void> =>
  page.locator(`${selector}:visible`).first().click()

function placesOf(app: TestServer, authorization: string, deviceUrl: string): Place[] {
  const open = (path: string) => (page: Page) => page.goto(app.url + path)
  const at = (path: string): Place => ({ name: path, arrive: open(path) })
  const own = (path: string): Place => ({ ...at(path), isSignedIn: true })
  const begin = (id: string): Place => ({
    name: `${id}, begun`,
    isSignedIn: true,
    async arrive(page) {
      await page.goto(`${app.url}/account/ways/${id}`)
      await press(page)
    },
  })
  const signIn = async (page: Page) => {
    await page.goto(`${app.url}/signin?another=yes`)
    await page.fill('#username', 'somebody@example.com')
    await press(page)
  }
  return [
    ...['/signin', '/signup', '/signup?invitation=used', '/recover', '/nothing', '/undo?token=x'].map(at),
    at('/link/email-link?challenge=x&token=y'),
    { name: 'the password', arrive: signIn },
    {
      name: 'other ways',
      async arrive(page) {
        await signIn(page)
        await page.locator('details.ways summary').click()
      },
    },
    {
      name: 'a code by mail',
      async arrive(page) {
        await signIn(page)
        await page.locator('details.ways summary').click()
        await press(page, 'button:text("Code by email")')
        await press(page)
      },
    },
    {
      name: 'the second step of the sign-up',
      async arrive(page) {
        await page.goto(`${app.url}/signup`)
        await page.fill('#email', 'new@example.com')
        await press(page)
      },
    },
    ...['', '/activity', '/data', '/delete', '/welcome', '/rescue'].map((path) => own(`/account${path}`)),
    ...['email', 'phone'].map((kind) => own(`/account/addresses/${kind}`)),
    ...['password', 'totp', 'recovery-code', 'passkey'].map((id) => own(`/account/ways/${id}`)),
    ...['totp', 'recovery-code'].map(begin),
    {
      name: 'a credential',
      isSignedIn: true,
      async arrive(page) {
        await page.goto(`${app.url}/account`)
        await page.locator('a[href^="/account/credentials/"]').first().click()
      },
    },
    { name: 'several accounts', isSignedIn: true, arrive: open('/signin') },
    { name: 'consent', isSignedIn: true, arrive: (page) => page.goto(authorization) },
    own('/oauth/device'),
    { name: 'a device', isSignedIn: true, arrive: (page) => page.goto(deviceUrl) },
    own('/oauth/logout'),
  ]
}

/** Each with a user of its own: some buttons delete it. */
async function openPage(app: TestServer, browser: Browser, isSignedIn: boolean): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false })
  if (isSignedIn) {
    const { email: username, password } = await app.user()
    await context.request.post(`${app.url}/login`, { data: { username, password } })
  }
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return page
}

async function fillIn(button: Locator): Promise<void> {
  const form = button.locator('xpath=ancestor::form')
  if ((await form.count()) === 0) return
  for (const input of await form.locator('input:visible:not([type=checkbox])').all()) {
    if ((await input.inputValue()) !== '') continue
    const type = await input.getAttribute('type')
    const byType: Record<string, string> = {
      ...{ email: 'other@example.com', tel: '+821098765432', password: goodPassword },
    }
    await input.fill(byType[type ?? ''] ?? '000000')
  }
}

/** What happened when the button was pressed; undefined if it did something. */
async function faultOf(page: Page, button: Locator): Promise<string | undefined> {
  await fillIn(button)
  const answered = page
    .waitForResponse((response) => response.request().isNavigationRequest(), { timeout: 5000 })
    .catch(() => undefined)
  await button.click()
  const response = await answered
  if (!response) return 'nothing happened'
  const status = response.status()
  return status >= 500 || status === 404 ? `was answered with ${status}` : undefined
}

test('without script, every visible button of every page does something', {
  skip: skipWithoutChromium,
  timeout: 600_000,
}, async (t) => {
  const app = await server(t)
  await connect(app, await startUpstream(t))
  const client = await application(
    app,
    { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] },
    {},
  )
  const { url } = await request(await discover(app, client))
  const device = await app.post('/oauth/device_authorization', {
    form: { client_id: client.id, client_secret: client.secret as string, scope: 'openid' },
  })
  const browser = await openBrowser(t)
  const pressed: string[] = []
  const faults: string[] = []
  for (const place of placesOf(app, url, device.body.verification_uri_complete)) {
    const { isSignedIn = false } = place
    for (let at = 0, count = 1; at < count; at++) {
      const page = await openPage(app, browser, isSignedIn)
      await place.arrive(page)
      const buttons = page.locator(pressable)
      count = await buttons.count()
      if (count > 0) {
        const button = buttons.nth(at)
        const label = `${place.name}: ${((await button.textContent()) ?? '').trim()}`
        const fault = await faultOf(page, button)
        if (fault !== undefined) faults.push(`${label} ${fault}`)
        pressed.push(label)
      }
      await page.context().close()
    }
  }
  assert.deepEqual(faults, [])
  assert.ok(pressed.length > 70, `${pressed.length} were pressed:\n${pressed.join('\n')}`)
})
