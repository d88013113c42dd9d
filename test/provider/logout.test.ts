import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { logoutListener, until } from '../support/logout-listener.ts'
import { application, discover, request, signIn } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: logout by an application asks first, ends the session, and notifies the other clients`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const told = await logoutListener(t)
      const one = await discover(
        app,
        await application(app, { post_logout_redirect_uris: ['https://app.example/bye'] }),
      )
      const twoApplication = await application(app, { backchannel_logout_uri: told.url })
      const two = await discover(app, twoApplication)
      const browser = openPageBrowser(app.url)
      const first = await signIn(one, { browser, user })
      const second = await signIn(two, { browser, user })
      const url = client.buildEndSessionUrl(one, {
        id_token_hint: first.tokens.id_token as string,
        post_logout_redirect_uri: 'https://app.example/bye',
        state: 'back',
      })
      const page = await browser.open(url.href)
      assert.match(page.text, /Sign out\?/)
      assert.equal(
        (await app.get('/protected', { token: second.tokens.access_token })).status,
        200,
        'a link alone does nothing',
      )
      const gone = await browser.submit(page, { logout: 'yes' })
      assert.equal(gone.url, 'https://app.example/bye?state=back')
      for (const { tokens } of [first, second])
        assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 401)
      await until(() => told.received.length > 0)
      const { payload } = await jwtVerify(
        told.received[0] as string,
        createRemoteJWKSet(new URL(`${app.url}/.well-known/jwks.json`)),
        {
          issuer: app.url,
          audience: twoApplication.id,
          typ: 'logout+jwt',
        },
      )
      assert.deepEqual(
        [payload.sub, Object.keys(payload.events as object)],
        [user.accountId, ['http://schemas.openid.net/event/backchannel-logout']],
      )
      assert.equal(payload.nonce, undefined)
      assert.match((await browser.open((await request(one, { prompt: 'none' })).url)).url, /login_required/)
    },
  )

  test(`${engine.name}: an ended session is sent to clients, with retries`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const told = await logoutListener(t)
    told.answer.status = 500
    const metadata = { backchannel_logout_uri: told.url, backchannel_logout_session_required: true }
    const config = await discover(app, await application(app, metadata))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
    await app.call('DELETE', '/v1/me/sessions', { token: user.accessToken })
    await until(() => told.received.length === 1)
    told.answer.status = 200
    app.clock.advance(60_000)
    await until(() => told.received.length === 2)
    const sids = told.received.map(
      (token) =>
        (JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as JWTPayload).sid,
    )
    assert.deepEqual(sids, [tokens.claims()?.sid, tokens.claims()?.sid])
    app.clock.advance(3_600_000)
    await new Promise((resolve) => setTimeout(resolve, 1300))
    assert.equal(told.received.length, 2, 'and then no more')
  })
}

test('post-logout redirects are registered ones, and cross-site forms do not sign out', async (t) => {
  const app = await server(t)
  const config = await discover(
    app,
    await application(app, { post_logout_redirect_uris: ['https://app.example/bye'] }),
  )
  const browser = openPageBrowser(app.url)
  const { tokens } = await signIn(config, { browser, user: await app.user() })
  const elsewhere = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token as string,
    post_logout_redirect_uri: 'https://evil.example/',
  })
  assert.equal((await browser.open(elsewhere.href)).status, 400)
  await browser.open(client.buildEndSessionUrl(config).href)
  const forged = await app.post('/oauth/logout/confirm', {
    form: { xsrf: 'guess', logout: 'yes' },
    headers: {
      cookie: browser
        .cookies()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    },
  })
  assert.equal(forged.status, 400)
  assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 200)
})
