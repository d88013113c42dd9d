import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Provider } from 'oidc-provider'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/free-port.ts'
import { connect } from '../support/upstream.ts'

// A provider that we did not write: oidc-provider as it comes, with its own pages, in a real browser.
const client = { clientId: 'sumun', secret: 'the client secret of the peer, long enough' }

async function startProvider(t: TestContext, callback: string): Promise<string> {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, {
    cookies: { keys: ['peer-cookies'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: `Peer ${id}` }),
    }),
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: false } },
    clients: [{ client_id: client.clientId, client_secret: client.secret, redirect_uris: [callback] }],
  })
  const listening = createServer(provider.callback())
  await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
  t.after(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return issuer
}

test('oidc-provider: a user signs in through its pages, in Korean on a phone, twice', {
  skip: skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const issuer = await startProvider(t, `${url}/v1/callback/peer`)
  const app = await server(t, { settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: url } })
  await connect(
    app,
    { issuer, ...client },
    { slug: 'peer', settings: { authentication: 'client_secret_basic' } },
  )
  const look = { locale: 'ko-KR', viewport: { width: 360, height: 740 } }
  const page = await (await (await openBrowser(t)).newContext(look)).newPage()
  const begin = async () => {
    await page.goto(`${url}/signin`)
    await page.locator('form[action="/signin/with/peer"] button').click()
  }
  await begin()
  await page.fill('[name=login]', 'minji')
  await page.fill('[name=password]', 'anything')
  await page.click('button[type=submit]')
  await page.locator('[name=prompt][value=consent]').waitFor({ state: 'attached' })
  await page.click('button[type=submit]')
  await page.waitForURL(`${url}/account`)
  const { store } = app.running.engine
  const all = () => store.accounts.list({ after: null, limit: 10, state: null, role: null })
  const [account] = await all()
  assert.deepEqual(
    [account?.name, account?.identifiers.map(({ value, verifiedAt }) => [value, verifiedAt !== null])],
    ['Peer minji', [['minji@example.com', true]]],
  )
  // Signed in there: the next time takes no typing.
  await page.context().clearCookies({ domain: '127.0.0.1' })
  await begin()
  await page.waitForURL(`${url}/account`)
  assert.equal((await all()).length, 1)
})
