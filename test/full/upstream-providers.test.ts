import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '../../src/federation/presets/index.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/free-port.ts'
import { connectSimulator, simulators, startSimulator } from '../support/provider-simulators.ts'

// A sign-in through every provider's simulator in a real browser, in Korean on a phone; then once more, and the account.
test('every preset has a simulator', () => {
  // SAML and LDAP have real peers: SimpleSAMLphp and slapd.
  const simulated = presets.filter(({ kind }) => kind === 'oidc' || kind === 'oauth2')
  assert.deepEqual(simulators.map(({ preset }) => preset).sort(), simulated.map(({ id }) => id).sort())
})

const look = { locale: 'ko-KR', viewport: { width: 360, height: 740 } }

for (const simulated of simulators) {
  const { preset } = simulated
  test(`Chromium: ${preset}`, { skip: skipWithoutChromium, timeout: 180_000 }, async (t) => {
    const upstream = await startSimulator(t, simulated)
    // Another host than the simulator's: the two are different sites.
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const app = await server(t, { settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: url } })
    await connectSimulator(app, upstream, simulated)
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    const signIn = async () => {
      await page.goto(`${url}/signin`)
      await page.locator(`form[action="/signin/with/${preset}"] button`).click()
      await page.waitForURL(`${url}/account`)
    }
    await signIn()
    const { store } = app.running.engine
    const [account, ...others] = await store.accounts.list({
      after: null,
      limit: 10,
      state: null,
      role: null,
    })
    assert.ok(account && others.length === 0)
    const found = await store.accounts.find(account.id)
    const address = found?.identifiers.find(({ kind }) => kind === 'email')
    assert.deepEqual(
      [found?.name, [address?.display ?? null, address !== undefined && address.verifiedAt !== null]],
      [simulated.name, simulated.address],
    )
    await page.context().clearCookies()
    await signIn()
    assert.equal((await store.accounts.list({ after: null, limit: 10, state: null, role: null })).length, 1)
  })
}
