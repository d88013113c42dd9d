import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { application } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { freePort } from '../support/postgres.ts'
import { signInAtPage } from '../support/sign-in-page.ts'
import { connect, startUpstream } from '../support/upstream.ts'

const root = join(import.meta.dirname, '../..')
const options = { skip: skipWithoutChromium, timeout: 120_000 }

function start(t: TestContext, words: string[], environment: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const over = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await over
  })
  return createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })[
    Symbol.asyncIterator
  ]()
}

/** The example, built by Vite and served by Express, in a browser. */
async function openOrders(
  t: TestContext,
  environment: Record<string, string> = {},
): Promise<{
  app: TestServer
  page: Page
  context: BrowserContext
  calls: string[]
  user: { email: string; password: string }
}> {
  const app = await server(t, { settings: { SUMUN_HOST: 'localhost' } })
  const user = await app.user()
  const port = await freePort()
  const home = `http://localhost:${port}`
  const metadata = {
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${home}/`],
    post_logout_redirect_uris: [`${home}/`],
  }
  const { id } = await application(app, metadata, {
    firstParty: true,
    resources: { [`${home}/api`]: 'orders:read orders:write' },
  })
  const dist = temporaryFolder()
  const words = [
    'node_modules/vite/bin/vite.js',
    'build',
    'examples/orders/page',
    '--outDir',
    dist,
    '--logLevel',
    'error',
  ]
  execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' })
  const lines = start(t, ['examples/orders/server.mjs'], {
    ISSUER: app.url,
    CLIENT_ID: id,
    PORT: String(port),
    PAGE: dist,
    ...environment,
  })
  assert.equal((await lines.next()).value, home)
  const context = await (await openBrowser(t)).newContext()
  const calls: string[] = []
  context.on('request', (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`))
  const page = await context.newPage()
  await page.goto(home)
  return { app, page, context, calls, user }
}

test('a page with buttons of its own goes straight to Kakao, or to Google, and back', options, async (t) => {
  const { app, page } = await openOrders(t, { PROVIDERS: 'kakao=카카오 google=Google' })
  for (const slug of ['kakao', 'google']) {
    const upstream = await startUpstream(t)
    // What the simulator is beyond a plain provider, test/full/upstream-providers.test.ts shows.
    upstream.user = { ...upstream.user, sub: `${slug}-1`, email: `${slug}@example.com` }
    await connect(app, upstream, { slug })
    await page.getByText('Not signed in').waitFor()
    await page.getByRole('button', { name: slug === 'kakao' ? '카카오' : 'Google' }).click()
    await page.getByText(/Signed in as acc_/).waitFor()
    assert.equal(upstream.seen.counts['/authorize'], 1)
    await page.click('#load')
    await page.getByText('two paper boats').waitFor()
    await page.click('#sign-out')
    await page.click('button[value=yes]')
  }
})

test(
  'a page built by Vite signs in, calls an Express API with bound tokens, and signs out',
  options,
  async (t) => {
    const { page, context, calls, user } = await openOrders(t)
    await page.getByText('Not signed in').waitFor()
    await page.click('#sign-in')
    await signInAtPage(page, user)
    await page.getByText(/Signed in as acc_/).waitFor()
    assert.equal(new URL(page.url()).search, '', 'the code is gone from the address')
    await page.click('#load')
    await page.getByText('two paper boats').waitFor()
    assert.deepEqual(await page.evaluate('[localStorage.length, sessionStorage.length]'), [0, 0])
    assert.equal(await page.evaluate(vaultScript('held.key.privateKey.extractable')), false)

    // Four tabs whose token is over refresh once.
    const tabs = [page, ...(await Promise.all([1, 2, 3].map(() => context.newPage())))]
    for (const tab of tabs.slice(1)) {
      await tab.goto(page.url())
      await tab.getByText(/Signed in as acc_/).waitFor()
    }
    await page.evaluate(vaultScript('(store.put({ ...held, expiresAt: 0 }, name), 0)'))
    const before = calls.filter((call) => call === 'POST /oauth/token').length
    await Promise.all(tabs.map((tab) => tab.click('#load')))
    for (const tab of tabs) await tab.getByText('two paper boats').waitFor()
    assert.equal(calls.filter((call) => call === 'POST /oauth/token').length - before, 1)

    await page.click('#sign-out')
    await page.click('button[value=yes]')
    await page.getByText('Not signed in').waitFor()
  },
)

/** Runs an expression over what the browser's own store holds: `held`, under `name`, in `store`. */
const vaultScript = (expression: string): string => `new Promise((resolve, reject) => {
  const opening = indexedDB.open('sumun')
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('clients', 'readwrite')
    const store = transaction.objectStore('clients')
    let result
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return
      const [held, name] = [cursor.value, cursor.key]
      result = ${expression}
    }
    transaction.oncomplete = () => (opening.result.close(), resolve(result))
  }
})`

test('a command-line program signs in by a device code', { timeout: 180_000 }, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const grants = {
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }
  const { id } = await application(app, { ...grants, token_endpoint_auth_method: 'none' }, {})
  const lines = start(t, ['examples/device/sign-in.ts', app.url, id])
  const [, address = '', code = ''] =
    /^Open (\S+) and type (\S+)$/.exec((await lines.next()).value ?? '') ?? []
  const browser = openPageBrowser(app.url)
  const named = await browser.submit(await browser.submit(await browser.open(address), { user_code: code }), {
    username: user.email,
  })
  const consent = await browser.submit(named, { password: user.password })
  await browser.submit(consent, { decision: 'allow' })
  assert.equal((await lines.next()).value, `Signed in as ${user.email}`)
})
