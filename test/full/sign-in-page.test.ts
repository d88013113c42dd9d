import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { build } from 'esbuild'
import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import type { SignedInUser } from '../support/client.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, discover, request } from '../support/oidc.ts'

/** A user with a passkey on a simulated authenticator, in a browser. */
async function openWithPasskey(
  t: TestContext,
): Promise<{ app: TestServer; user: SignedInUser; page: Page; touch(does: boolean): Promise<void> }> {
  const app = await server(t, { settings: { SUMUN_HOST: 'localhost' } })
  const user = await app.user()
  const page = await (await openBrowser(t)).newPage()
  const { touch } = await addAuthenticator(page)
  await page.goto(`${app.url}/docs`)
  const script = readFileSync(join(import.meta.dirname, '../browser/passkey-page.js'), 'utf8')
  await page.evaluate(
    `(async () => { ${script}; return enrolPasskey(${JSON.stringify(user.accessToken)}) })()`,
  )
  return { app, user, page, touch }
}

const options = { skip: skipWithoutChromium, timeout: 90_000 }

test(
  'Chromium: an application’s user signs in with a passkey, under the page’s own policy',
  options,
  async (t) => {
    const { app, user, page, touch } = await openWithPasskey(t)
    await touch(false) // else the browser's own offer signs in at once
    const faults: string[] = []
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    const there = createServer((_request, response) => response.end('there'))
    await new Promise<void>((resolve) => there.listen(0, '127.0.0.1', resolve))
    t.after(() => there.close())
    const callback = `http://127.0.0.1:${(there.address() as AddressInfo).port}/callback`
    const config = await discover(app, await application(app, { redirect_uris: [callback] }))
    const asked = await request(config, { acr_values: 'aal2', redirect_uri: callback })
    await page.goto(asked.url)
    await page.fill('#username', user.email)
    await page.click('main form button:not([type=button])')
    await page.locator('details.ways summary').click()
    await page.getByRole('button', { name: 'Passkey' }).click()
    await touch(true)
    await page.click('[data-ask]')
    await page.waitForURL(/\/callback\?/)
    const checks = {
      pkceCodeVerifier: asked.verifier,
      expectedState: asked.state,
      expectedNonce: asked.nonce,
    }
    const claims = (await client.authorizationCodeGrant(config, new URL(page.url()), checks)).claims()
    assert.equal(claims?.sub, user.accountId)
    assert.ok(['aal2', 'aal3'].includes(claims?.acr as string))
    assert.deepEqual(faults, [])
  },
)

test(
  'Chromium: a page signs in by the SDK over the attempts API, with a password and with a passkey',
  options,
  async (t) => {
    const { app, user, page } = await openWithPasskey(t)
    const sdk = join(import.meta.dirname, '../../sdk/src/browser/index.ts')
    const bundle = await build({
      entryPoints: [sdk],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'sdk',
    })
    await page.evaluate(`${bundle.outputFiles[0]?.text}; window.sdk = sdk; 0`)
    const run = (body: string) => page.evaluate(`(async () => { ${body} })()`)
    const beginning = `const attempt = await sdk.beginSignIn({ issuer: location.origin, loginHint: ${JSON.stringify(user.email)} })`
    const wrong = await run(
      `${beginning}; return attempt.answer('password', { password: 'no' }).catch(({ code }) => code)`,
    )
    assert.equal(wrong, 'answer_refused')
    const byPassword = (await run(
      `${beginning}; return attempt.answer('password', { password: ${JSON.stringify(user.password)} })`,
    )) as {
      status: string
      accessToken: string
    }
    assert.ok(byPassword.status === 'more' || byPassword.status === 'done')
    const byPasskey = (await run(
      'return (await sdk.beginSignIn({ issuer: location.origin })).passkey()',
    )) as {
      status: string
      accessToken: string
    }
    assert.equal(byPasskey.status, 'done')
    assert.equal((await app.get('/v1/me', { token: byPasskey.accessToken })).body.id, user.accountId)
  },
)
