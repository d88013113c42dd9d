import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { enrolTotp } from '../support/users.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a required acr asks only for the missing factor`, options, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_POLICY: 'default' } })
    const user = await app.user()
    const config = await discover(app, await application(app))
    const browser = openPageBrowser(app.url)
    await signIn(config, { browser, user })
    const phone = await enrolTotp(app, user.accessToken)
    app.clock.advance(60_000)
    const asked = await request(config, { acr_values: 'aal2' })
    const page = await browser.open(asked.url)
    assert.match(page.text, /Six-digit code/, page.text)
    const done = await browser.submit(page, { code: phone.codeAt(app.clock.now()) })
    const claims = (await exchange(config, asked, done.url)).claims()
    assert.equal(claims?.acr, 'aal2')
    assert.deepEqual([...((claims?.amr as string[]) ?? [])].sort(), ['mfa', 'otp', 'pwd'])
  })

  test(
    `${engine.name}: an unreachable acr is explained to the user, then returned to the application`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const page = await signInBy(browser, (await request(config, { acr_values: 'aal3' })).url, user)
      assert.match(page.text, /cannot verify as much/)
      const link = /class="button" href="([^"]*)"/.exec(page.text)?.[1]
      assert.match((await browser.open(app.url + link)).url, /error=unmet_authentication_requirements/)
    },
  )

  test(`${engine.name}: a client's minimum acr applies to every request`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const phone = await enrolTotp(app, user.accessToken)
    app.clock.advance(60_000)
    const config = await discover(app, await application(app, {}, { firstParty: true, acr: 'aal2' }))
    const browser = openPageBrowser(app.url)
    const asked = await request(config)
    const page = await signInBy(browser, asked.url, user)
    const done = await browser.submit(page, { code: phone.codeAt(app.clock.now()) })
    assert.equal((await exchange(config, asked, done.url)).claims()?.acr, 'aal2')
  })

  test(`${engine.name}: prompt=login and max_age ask again, and auth_time changes`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app))
    const browser = openPageBrowser(app.url)
    const first = (await signIn(config, { browser, user })).tokens.claims()
    for (const parameters of [{ prompt: 'login' }, { max_age: '1' }] as Record<string, string>[]) {
      await new Promise((resolve) => setTimeout(resolve, 2100)) // the library reads the machine's clock
      const asked = await request(config, parameters)
      const page = await browser.open(asked.url)
      assert.match(page.url, /\/signin\/att_/, JSON.stringify(parameters))
      const done = await browser.submit(page, { password: user.password })
      const checks = {
        pkceCodeVerifier: asked.verifier,
        expectedState: asked.state,
        expectedNonce: asked.nonce,
      }
      const claims = (await client.authorizationCodeGrant(config, new URL(done.url), checks)).claims()
      assert.ok((claims?.auth_time as number) > (first?.auth_time as number))
    }
  })
}
