import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { words } from '../../src/words/pages.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { inspect } from '../support/page-check.ts'
import { enrolMethod, enrolTotp } from '../support/users.ts'

const views = {
  'ko-narrow-light': { locale: 'ko-KR', colorScheme: 'light', viewport: { width: 360, height: 740 } },
  'en-wide-dark': { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  'ja-narrow-dark': { locale: 'ja-JP', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
} as const satisfies Record<string, BrowserContextOptions>

/** An attacker has added an app, a key and another address. Returns the owner's undo link. */
async function stolenAccount(app: TestServer) {
  const owner = await verifiedUser(app)
  app.clock.advance(100 * 3_600_000)
  const { access_token: token } = (
    await app.post('/login', { json: { username: owner.email, password: owner.password } })
  ).body
  await enrolTotp(app, token)
  await enrolMethod(app, token, 'api-key', () => ({ name: 'Nightly' }))
  await app.post('/v1/me/identifiers/email', { json: { value: 'thief@example.com' }, token })
  const data = app.environment.SUMUN_DATA as string
  const { code } = await messageTo(data, 'thief@example.com')
  assert.equal((await app.post('/v1/me/identifiers/email/answer', { json: { code }, token })).status, 204)
  const { link } = await messageTo(data, owner.email, (mail) => mail.link?.pathname === '/undo')
  return { owner, link: link?.href as string }
}

const rows = (page: Page) => page.locator('section[aria-labelledby=doubtful] li')

for (const [view, look] of Object.entries(views)) {
  test(`${view}: an undo link rescues an account: changes are shown, each is kept or removed, and a password is set`, {
    skip: skipWithoutChromium,
    timeout: 120_000,
  }, async (t) => {
    const app = await server(t)
    const { owner, link } = await stolenAccount(app)
    const said = words[look.locale.slice(0, 2) as 'en']
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    await page.goto(link)
    assert.ok((await page.locator('main').textContent())?.includes(owner.email))
    assert.ok((await page.locator('main li').count()) >= 3, 'what happened since')
    await inspect(page, `${view}-rescue-1-undo`)
    await page.click('main form button')
    await page.waitForURL(/\/account\/rescue/)
    assert.equal(await page.locator('h1').textContent(), said.rescue.title)
    assert.equal(await rows(page).count(), 2)
    await inspect(page, `${view}-rescue-2-decide`)
    await rows(page).filter({ hasText: 'Nightly' }).getByRole('button', { name: said.account.remove }).click()
    await page.waitForURL(/said=removed/)
    assert.equal(await rows(page).count(), 1)
    await rows(page).getByRole('button', { name: said.rescue.keep }).click()
    await page.waitForURL(/said=kept/)
    assert.equal(await rows(page).count(), 0)
    assert.ok((await page.locator('main').textContent())?.includes(said.rescue.nothing))
    await inspect(page, `${view}-rescue-3-decided`)
    await page.goto(`${app.url}/account/ways/password`)
    assert.equal(
      await page.locator('#current_password').count(),
      0,
      'what a thief may have changed is not asked for',
    )
    await page.fill('#password', 'seven herons over the weir')
    await page.click('main form button:not([type=button])')
    await page.waitForURL(/\/account/)
    const login = (password: string) => app.post('/login', { json: { username: owner.email, password } })
    assert.equal((await login(owner.password)).status, 400)
    assert.equal((await login('seven herons over the weir')).status, 403, 'with the app that was kept')
  })
}
