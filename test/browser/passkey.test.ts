import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import type { CDPSession, Page } from 'playwright-core'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'

// Real Chromium, real WebAuthn, authenticators that the browser simulates
// (https://www.w3.org/TR/webauthn-3/#sctn-automation).
const options = { skip: skipWithoutChromium, timeout: 90_000 }

interface Device {
  page: Page
  addAuthenticator(more?: Record<string, unknown>): Promise<string>
  cdp: CDPSession
}

/** A page of the server's own, on a name that WebAuthn takes for a site. */
async function openDevice(t: Parameters<typeof server>[0]): Promise<{ app: TestServer } & Device> {
  const app = await server(t, { settings: { SUMUN_PORT: '0', SUMUN_HOST: 'localhost' } })
  const browser = await openBrowser(t)
  // our own pages let no script of a test in
  const page = await (await browser.newContext({ bypassCSP: true })).newPage()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await page.goto(`${app.url}/signup`)
  await page.addScriptTag({ path: join(import.meta.dirname, 'passkey-page.js') })
  return {
    app,
    page,
    cdp,
    async addAuthenticator(more = {}) {
      const platform = {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      }
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { ...platform, automaticPresenceSimulation: true, ...more } as never,
      })
      return authenticatorId
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
type Json = any

const enrol = (page: Page, token: string): Promise<Json> =>
  page.evaluate(`enrolPasskey(${JSON.stringify(token)})`)
const signIn = (page: Page, given: { name?: string; password?: string } = {}): Promise<Json> =>
  page.evaluate(`signInWithPasskey(${JSON.stringify(given)})`)

test(
  'Chromium: a platform authenticator signs in without a name, and is aal2 or better by itself',
  options,
  async (t) => {
    const { app, page, addAuthenticator } = await openDevice(t)
    await addAuthenticator()
    const user = await app.user({ name: '김민지' })
    const enrolled = await enrol(page, user.accessToken)
    assert.equal(enrolled.credential.details.user_verified, true, JSON.stringify(enrolled))
    const done = await signIn(page)
    assert.equal(done.status, 'done', JSON.stringify(done))
    const claims = decodeJwt(done.access_token)
    assert.equal(claims.sub, user.accountId)
    assert.ok(['aal2', 'aal3'].includes(claims.acr as string))
    assert.ok((await page.context().cookies()).some(({ name }) => name === 'sumun_session'))
    assert.deepEqual(
      await enrol(page, user.accessToken),
      { refusedByBrowser: 'InvalidStateError' },
      'the browser knows that it is set up',
    )
  },
)

test('Chromium: a synced passkey is listed as backed up', options, async (t) => {
  const { app, page, addAuthenticator } = await openDevice(t)
  await addAuthenticator({ defaultBackupEligibility: true, defaultBackupState: true })
  const user = await app.user()
  const { credential } = await enrol(page, user.accessToken)
  assert.deepEqual([credential.details.backup_eligible, credential.details.backed_up], [true, true])
  assert.equal(decodeJwt((await signIn(page)).access_token).acr, 'aal2')
})

test(
  'Chromium: a security key without user verification is one factor, with a password',
  options,
  async (t) => {
    const { app, page, addAuthenticator } = await openDevice(t)
    await addAuthenticator({
      protocol: 'u2f',
      transport: 'usb',
      hasResidentKey: false,
      hasUserVerification: false,
      isUserVerified: false,
    })
    const user = await app.user()
    const enrolled = await enrol(page, user.accessToken)
    assert.equal(enrolled.credential.details.user_verified, false, JSON.stringify(enrolled))
    const done = await signIn(page, { name: user.email, password: user.password })
    assert.deepEqual([done.first, done.status], ['more', 'done'], JSON.stringify(done))
    assert.equal(decodeJwt(done.access_token).acr, 'aal2')
  },
)

test('Chromium: a cloned key is detected by its signature counter', options, async (t) => {
  const { app, page, cdp, addAuthenticator } = await openDevice(t)
  const original = await addAuthenticator()
  const user = await app.user()
  await enrol(page, user.accessToken)
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: original })
  for (let i = 0; i < 3; i++) assert.equal((await signIn(page)).status, 'done')
  await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: original })
  const copy = await addAuthenticator()
  await cdp.send('WebAuthn.addCredential', {
    authenticatorId: copy,
    credential: { ...credentials[0], signCount: 1 } as never,
  })
  assert.equal((await signIn(page)).code, 'answer_refused')
  const events = await app.running.engine.store.events.listFiltered({
    subject: null,
    kind: null,
    before: null,
    limit: 20,
  })
  assert.ok(events.some(({ kind }) => kind === 'credential.suspected_copy'))
})
