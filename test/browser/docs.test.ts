import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'

// The interactive page, in a real browser that can reach only this server.
test('the Authorize button signs in, and the page then calls a protected route', {
  skip: skipWithoutChromium,
  timeout: 60_000,
}, async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  const browser = await openBrowser(t)
  const page = await browser.newPage()
  const elsewhere: string[] = []
  const complaints: string[] = []
  page.on(
    'request',
    (request) =>
      request.url().startsWith(app.url) || request.url().startsWith('data:') || elsewhere.push(request.url()),
  )
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`${app.url}/docs`)
  await page.getByRole('button', { name: 'Authorize' }).first().click()
  const dialog = page.locator('.modal-ux')
  await dialog.locator('#oauth_username').fill(email)
  await dialog.locator('#oauth_password').fill(password)
  await dialog
    .locator('.auth-container', { has: page.locator('#oauth_username') })
    .getByRole('button', { name: 'Apply given OAuth2 credentials' })
    .click()
  await dialog.getByRole('button', { name: 'Remove authorization' }).first().waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const operation = page.locator('.opblock', { hasText: '/protected' })
  await operation.locator('.opblock-summary').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  const reply = operation.locator('.live-responses-table')
  await reply.waitFor()
  assert.match((await reply.textContent()) ?? '', /200[\s\S]*"message": "Success"/)
  assert.deepEqual(elsewhere, [])
  assert.deepEqual(complaints, [])
})
