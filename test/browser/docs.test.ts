import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'

const options = { skip: skipWithoutChromium, timeout: 90_000 }

/** What the page asks of other servers, and what the browser complains of. */
function watch(page: Page, app: TestServer): { elsewhere: string[]; complaints: string[] } {
  const [elsewhere, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(app.url) && !url.startsWith('data:')) elsewhere.push(url)
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { elsewhere, complaints }
}

test('the page of the API signs in, then calls a protected route', options, async (t) => {
  const app = await server(t)
  const { email, password } = await app.user()
  const page = await (await openBrowser(t)).newPage()
  const { elsewhere, complaints } = watch(page, app)
  await page.goto(`${app.url}/docs`)
  const form = page.locator('#authorize')
  await form.getByLabel('Username').fill(email)
  await form.getByLabel('Password').fill(password)
  await form.getByRole('button', { name: 'Authorize' }).click()
  await page.getByText('Authorized for: account').waitFor()
  const call = page.locator('details.call', { hasText: '/protected' }).first()
  await call.locator('summary').click()
  await call.getByRole('button', { name: 'Send' }).click()
  const reply = call.getByRole('status')
  await reply.getByText('200').waitFor()
  assert.match((await reply.textContent()) ?? '', /"message": "Success"/)
  assert.deepEqual([elsewhere, complaints], [[], []])
  // A parameter in the path, and a body.
  await page.goto(`${app.url}/docs#renameMyCredential`)
  const rename = page.locator('#renameMyCredential')
  await rename.getByRole('button', { name: 'Send' }).waitFor()
  await rename.getByLabel('id', { exact: true }).fill('crd_00000000000000000000000000')
  await rename.getByRole('button', { name: 'Send' }).click()
  await rename.getByText('404 Not Found').waitFor()
})

test(
  'the page of the API is complete without script: every call, with examples and its problems',
  options,
  async (t) => {
    const app = await server(t)
    const context = await (await openBrowser(t)).newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${app.url}/docs`)
    const { paths } = (await app.get('/openapi.json')).body as { paths: Record<string, object> }
    const calls = Object.values(paths).flatMap((one) => Object.keys(one)).length
    assert.equal(await page.locator('details.call').count(), calls)
    const call = page.locator('#signIn')
    await call.locator('summary').click()
    await call.getByText('curl').waitFor()
    await page.getByLabel('JavaScript').check()
    await call.getByText('await fetch').waitFor()
    assert.equal(await call.locator('pre.curl').isVisible(), false)
    await page.getByLabel('Python').check()
    await call.getByText('requests.post').waitFor()
    await call.getByRole('link', { name: 'incorrect_credentials' }).click()
    await page.locator('#problem-incorrect_credentials').waitFor()
    assert.equal(await page.locator('form.try:visible').count(), 0, 'nothing that would not work')
  },
)
