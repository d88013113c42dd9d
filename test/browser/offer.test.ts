import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'

// A passkey is offered once after a password was typed, and then no more for months.
const options = { skip: skipWithoutChromium, timeout: 60_000 }

test(
  'a passkey is offered once after a password, can be declined, and is set up in three presses',
  options,
  async (t) => {
    const app = await server(t)
    const [kim, lee] = [await app.user(), await app.user()]
    const browser = await openBrowser(t)
    const open = async () => {
      const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
      await addAuthenticator(page)
      return page
    }
    const page = await open()
    const signIn = async (user: typeof kim) => {
      await page.goto(`${app.url}/signin?another=yes`)
      await page.fill('#username', user.email)
      await page.click('main form:has(#username) button')
      await page.fill('input[type=password]', user.password)
      await page.click('main form button:not([type=button])')
    }
    await signIn(kim)
    await page.getByRole('heading', { name: 'Sign in faster next time' }).waitFor()
    await page.getByRole('link', { name: 'Not now' }).click()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
    await signIn(kim)
    await page.getByRole('heading', { name: 'My account' }).waitFor()

    const other = await open()
    await other.goto(`${app.url}/signin`)
    await other.fill('#username', lee.email)
    await other.click('main form button:not([type=button])')
    await other.fill('input[type=password]', lee.password)
    await other.click('main form button:not([type=button])')
    await other.getByRole('button', { name: 'Create a passkey' }).click()
    await other.locator('form[data-challenge] button').click()
    await other.getByText('Added. You can sign in with it').waitFor()
    const held = await app.running.engine.store.credentials.listByAccount(lee.accountId as `acc_${string}`)
    assert.deepEqual(held.map(({ kind }) => kind).sort(), ['passkey', 'password'])
  },
)
