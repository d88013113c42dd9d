import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { logoutListener, until } from '../support/logout-listener.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { sumun } from '../support/sumun.ts'

const hour = 3_600_000
const works = async (config: client.Configuration, refreshToken: string) =>
  client.refreshTokenGrant(config, refreshToken).then(
    ({ refresh_token }) => refresh_token as string,
    () => undefined,
  )

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: deleting an account sends back-channel logout`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const told = await logoutListener(t)
    const config = await discover(app, await application(app, { backchannel_logout_uri: told.url }))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
    assert.equal((await app.call('DELETE', '/v1/me', { token: user.accessToken })).status, 204)
    await until(() => told.received.length === 1)
    assert.equal(decodeJwt(told.received[0] as string).sub, tokens.claims()?.sub)
  })

  test(`${engine.name}: a restore sends back-channel logout for all sessions`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const told = await logoutListener(t)
    const config = await discover(app, await application(app, { backchannel_logout_uri: told.url }))
    await signIn(config, { browser: openPageBrowser(app.url), user })
    const folder = temporaryFolder()
    const file = join(folder, 'backup.gz')
    assert.equal((await sumun(['backup', file], { environment: app.environment })).exitCode, 0)
    await app.stop()
    const SUMUN_MASTER_KEY = readFileSync(
      join(app.environment.SUMUN_DATA as string, 'master.key'),
      'utf8',
    ).trim()
    const elsewhere = { ...(await engine.prepare(t)), SUMUN_MASTER_KEY }
    const restored = await sumun(['restore', file], { environment: elsewhere })
    assert.equal(restored.exitCode, 0, restored.stderr)
    await server(t, { environment: elsewhere, settings: { SUMUN_ISSUER: app.url }, clock: app.clock })
    await until(() => told.received.length === 1)
  })

  test(`${engine.name}: a purged expired session sends back-channel logout`, options, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_SESSION_DAYS: '1' } })
    const user = await app.user()
    const told = await logoutListener(t)
    const config = await discover(app, await application(app, { backchannel_logout_uri: told.url }))
    await signIn(config, { browser: openPageBrowser(app.url), user })
    app.clock.advance(200 * 24 * hour)
    await app.running.engine.store.transaction((tx) =>
      tx.sessions.purgeBatch({ now: app.clock.now(), rows: 500 }),
    )
    await until(() => told.received.length === 1)
  })

  test(`${engine.name}: back-channel logout is retried for the documented time`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const told = await logoutListener(t)
    told.answer.status = 500
    const config = await discover(app, await application(app, { backchannel_logout_uri: told.url }))
    await signIn(config, { browser: openPageBrowser(app.url), user })
    await app.call('DELETE', '/v1/me/sessions', { token: user.accessToken })
    await until(() => told.received.length === 1)
    for (let tries = 2; tries <= 9; tries++) {
      app.clock.advance(hour + 1000)
      await until(() => told.received.length >= tries)
    }
    told.answer.status = 204
    app.clock.advance(hour + 1000)
    await until(() => told.received.length >= 10)
  })

  test(
    `${engine.name}: an offline grant outlives its browser session, and ends with all sessions`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const grant = 'urn:ietf:params:oauth:grant-type:device_code'
      const metadata = {
        grant_types: [grant, 'refresh_token'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'none',
        client_name: 'Television',
      }
      const { id } = await application(app, metadata, {})
      const config = await discover(app, { id, secret: undefined })
      const user = await app.user()
      const connectDevice = async () => {
        const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid offline_access' })
        const browser = openPageBrowser(app.url)
        const consent = await signInBy(browser, begun.verification_uri_complete as string, user).then(
          async (page) =>
            page.text.includes('name="decision"')
              ? page
              : browser.submit(
                  await browser.submit(await browser.submit(page, { user_code: begun.user_code }), {
                    username: user.email,
                  }),
                  {
                    password: user.password,
                  },
                ),
        )
        await browser.submit(consent, { decision: 'allow' })
        const tokens = await client.genericGrantRequest(config, grant, { device_code: begun.device_code })
        return { browser, refreshToken: tokens.refresh_token as string }
      }
      const one = await connectDevice()
      const account = await one.browser.open(`${app.url}/account`)
      assert.match(account.text, /Television/)
      await one.browser.submit(account, {}, '/account/sign-out')
      assert.equal(new URL((await one.browser.open(`${app.url}/account`)).url).pathname, '/signin')
      const next = await works(config, one.refreshToken)
      assert.ok(next, 'as consent says: while you are away')
      const applications = (await app.get('/v1/me/applications', { token: user.accessToken })).body
        .applications
      assert.deepEqual(
        applications.map(({ name, offline }: { name: string; offline: boolean }) => [name, offline]),
        [['Television', true]],
      )
      await app.call('DELETE', '/v1/me/sessions', { token: user.accessToken })
      assert.equal(await works(config, next), undefined, 'signed out everywhere')

      const two = await connectDevice()
      const token = (await app.post('/login', { json: { username: user.email, password: user.password } }))
        .body.access_token
      assert.equal((await app.call('DELETE', `/v1/me/applications/${id}`, { token })).status, 204)
      assert.equal(await works(config, two.refreshToken), undefined, 'consent taken back')

      const three = await connectDevice()
      const changed = await app.post('/v1/me/credentials/password/answer', {
        json: { password: 'seven herons over the weir', current_password: user.password },
        token,
      })
      assert.equal(changed.status, 201, JSON.stringify(changed.body))
      assert.equal(await works(config, three.refreshToken), undefined, 'the password was changed')
    },
  )

  test(
    `${engine.name}: an account with only an address has a name, and unverified addresses are withheld`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user({ email: `minji.${Date.now()}@example.com` })
      const config = await discover(app, await application(app))
      const { tokens } = await signIn(config, {
        browser: openPageBrowser(app.url),
        user,
        parameters: { scope: 'openid profile email' },
      })
      const { body: claims } = await app.get('/oauth/userinfo', { token: tokens.access_token })
      assert.ok(typeof claims.name === 'string' && claims.name !== '', JSON.stringify(claims))
      assert.ok(typeof claims.preferred_username === 'string' && claims.preferred_username !== '')
      assert.deepEqual([claims.email, claims.email_verified], [user.email, false])
      const careful = await discover(
        app,
        await application(app, {}, { firstParty: true, verifiedAddressesOnly: true }),
      )
      const less = await signIn(careful, {
        browser: openPageBrowser(app.url),
        user,
        parameters: { scope: 'openid profile email' },
      })
      const { body: without } = await app.get('/oauth/userinfo', { token: less.tokens.access_token })
      assert.deepEqual([without.email, without.email_verified], [undefined, undefined])
      const verified = await verifiedUser(app)
      const more = await signIn(careful, {
        browser: openPageBrowser(app.url),
        user: verified,
        parameters: { scope: 'openid email' },
      })
      assert.equal(
        (await app.get('/oauth/userinfo', { token: more.tokens.access_token })).body.email,
        verified.email,
      )
    },
  )

  test(`${engine.name}: refresh token reuse is audited, and notifies the owner`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const config = await discover(app, await application(app))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
    const stolen = tokens.refresh_token as string
    await client.refreshTokenGrant(config, stolen)
    app.clock.advance(120_000)
    await assert.rejects(client.refreshTokenGrant(config, stolen))
    await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
      /used twice/.test(subject),
    )
    const events = await app.running.engine.store.events.listFiltered({
      subject: null,
      kind: null,
      before: null,
      limit: 20,
    })
    assert.ok(events.some(({ kind }) => kind === 'session.refresh_reused'))
  })

  test(`${engine.name}: a refused registration keeps its initial access token`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await app.running.openid.offerRegistration('test')
    const refused = await app.post('/oauth/register', {
      json: { redirect_uris: ['javascript:alert(1)'], client_name: 'New' },
      token,
    })
    assert.equal(refused.status, 400, JSON.stringify(refused.body))
    const made = await app.post('/oauth/register', {
      json: { redirect_uris: ['https://new.example/callback'], client_name: 'New' },
      token,
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(
      (
        await app.post('/oauth/register', {
          json: { redirect_uris: ['https://new.example/callback'] },
          token,
        })
      ).status,
      401,
    )
  })

  test(
    `${engine.name}: one grant per code, and no refresh token without the grant type`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app, { grant_types: ['authorization_code'] }))
      const asked = await request(config, { scope: 'openid offline_access' })
      const page = await signInBy(openPageBrowser(app.url), asked.url, user)
      assert.equal((await exchange(config, asked, page.url)).refresh_token, undefined)
    },
  )
}
