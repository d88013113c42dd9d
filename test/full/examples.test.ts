import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { methods } from '../../src/methods/index.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { connectLdap, sharedSlapd } from '../support/ldap.ts'
import { connectSaml, servedSamlIdp } from '../support/saml-idp.ts'
import { skipWithoutSlapd } from '../support/slapd.ts'
import { connect, oauth2Settings, startUpstream } from '../support/upstream.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const expected: Readonly<Record<string, RegExp>> = {
  password: /acr aal1, amr pwd$/m,
  totp: /then one of: totp\n.*acr aal2, amr pwd otp mfa$/m,
  'recovery-code': /codes left: 9\n.*acr aal2/m,
  passkey: /acr aal3, amr hwk user mfa$/m,
  'email-code': /sent to e\*\*\*@example\.com\n.*acr aal1, amr otp$/m,
  'email-link': /number \d\d\n.*acr aal1, amr otp$/m,
  'sms-code': /acr aal1, amr sms$/m,
  oidc: /continue with Upstream\n.*acr aal1, amr fed$/m,
  oauth2: /continue with Upstream\n.*acr aal1, amr fed$/m,
  saml: /continue with Single sign-on\n.*acr aal1, amr fed$/m,
  ldap: /continue with Company account\n.*acr aal1, amr pwd$/m,
  'api-key': /Success\na token of 1800 seconds: account$/m,
}

for (const { id } of methods) {
  const skip = id === 'ldap' && skipWithoutSlapd
  test(`examples/node/${id}.ts works unchanged`, { skip, timeout: 180_000 }, async (t) => {
    const app = await server(t)
    if (id === 'oidc') await connect(app, await startUpstream(t))
    if (id === 'ldap') await connectLdap(app, await sharedSlapd())
    if (id === 'saml') await connectSaml(app, await servedSamlIdp(t))
    if (id === 'oauth2') {
      const upstream = await startUpstream(t, { token: ({ id_token: _, ...reply }) => ({ body: reply }) })
      await connect(app, upstream, { preset: id, settings: oauth2Settings(upstream.issuer) })
    }
    const { stdout } = await run(
      process.execPath,
      [`examples/node/${id}.ts`, app.url, app.environment.SUMUN_DATA as string],
      { cwd: root },
    )
    assert.match(stdout, expected[id] as RegExp)
  })
}

async function servePage(t: TestContext): Promise<string> {
  const child = spawn(process.execPath, ['examples/browser/serve.ts', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill())
  return new Promise((resolve) => child.stdout.on('data', (data: Buffer) => resolve(data.toString().trim())))
}

test('examples/browser signs in by password, adds a passkey, and signs in with it', {
  skip: skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const origin = await servePage(t)
  const app = await server(t, {
    settings: { SUMUN_HOST: 'localhost', SUMUN_CORS_ORIGINS: origin, SUMUN_PASSKEY_ORIGINS: origin },
  })
  const user = await app.user()
  const page = await (await (await openBrowser(t)).newContext()).newPage()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  }
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: options as never })
  await page.goto(`${origin}/?sumun=${encodeURIComponent(app.url)}`)
  const says = (text: string) => page.getByText(text).waitFor()
  await page.getByLabel('E-mail address').fill(user.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await says('The answer is not right')
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await says('acr aal1')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await says('the passkey is set up')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await says('acr aal3, amr hwk user mfa')
})
