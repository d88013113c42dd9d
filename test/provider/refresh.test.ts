import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

const offline = { scope: 'openid email offline_access', prompt: 'consent' }

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: fifty concurrent refreshes have one successor, and an old token ends the grant`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const application1 = await application(app)
      const config = await discover(app, application1)
      const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user: await app.user() })
      const first = tokens.refresh_token as string
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => client.refreshTokenGrant(config, first)),
      )
      const successors = new Set(replies.map(({ refresh_token: token }) => token))
      assert.equal(successors.size, 1)
      const [second] = successors as Set<string>
      const third = await client.refreshTokenGrant(config, second as string)
      assert.equal((await app.get('/protected', { token: third.access_token })).status, 200)
      await assert.rejects(client.refreshTokenGrant(config, first), /invalid_grant|error/)
      assert.equal(
        (await app.get('/protected', { token: third.access_token })).status,
        401,
        'the old token may be stolen',
      )
      await assert.rejects(client.refreshTokenGrant(config, third.refresh_token as string))
    },
  )

  test(`${engine.name}: after the grace period a used refresh token ends the grant`, options, async (t) => {
    const app = await server(t, { engine })
    const config = await discover(app, await application(app))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user: await app.user() })
    const next = await client.refreshTokenGrant(config, tokens.refresh_token as string)
    app.clock.advance(11_000)
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string))
    await assert.rejects(client.refreshTokenGrant(config, next.refresh_token as string))
  })

  test(`${engine.name}: a refresh cannot exceed the granted scope`, options, async (t) => {
    const app = await server(t, { engine })
    const config = await discover(app, await application(app))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user: await app.user() })
    await assert.rejects(
      client.refreshTokenGrant(config, tokens.refresh_token as string, { scope: 'openid email phone' }),
      ({ error }: client.ResponseBodyError) => error === 'invalid_scope',
    )
  })

  test(
    `${engine.name}: a code works once; of concurrent uses one wins, and a replay revokes its tokens`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const config = await discover(app, await application(app))
      const asked = await request(config)
      const page = await signInBy(openPageBrowser(app.url), asked.url, await app.user())
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => exchange(config, asked, page.url)),
      )
      const won = results.filter((result) => result.status === 'fulfilled')
      assert.ok(won.length <= 1, `${won.length} won`)
      const refused = results.flatMap((result) =>
        result.status === 'rejected' ? [(result.reason as client.ResponseBodyError).error] : [],
      )
      assert.deepEqual([refused.length, new Set(refused)], [20 - won.length, new Set(['invalid_grant'])])
      for (const { value } of won)
        assert.equal((await app.get('/protected', { token: value.access_token })).status, 401)
      const again = await request(config)
      const second = await signInBy(openPageBrowser(app.url), again.url, await app.user())
      const tokens = await exchange(config, again, second.url)
      assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 200)
      await assert.rejects(
        exchange(config, again, second.url),
        ({ error }: client.ResponseBodyError) => error === 'invalid_grant',
      )
      assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 401)
    },
  )

  test(`${engine.name}: a token revoked by its client is refused everywhere`, options, async (t) => {
    const app = await server(t, { engine })
    const config = await discover(app, await application(app, {}, {}))
    const other = await discover(app, await application(app))
    const browser = openPageBrowser(app.url)
    const user = await app.user()
    const asked = await request(config, offline)
    const consent = await signInBy(browser, asked.url, user)
    const tokens = await exchange(config, asked, (await browser.submit(consent, { decision: 'allow' })).url)
    await assert.rejects(client.tokenRevocation(other, tokens.access_token), 'not by another client')
    assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 200)
    await client.tokenRevocation(config, tokens.access_token)
    assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 401)
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string))
    assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false)
  })

  test(`${engine.name}: client credentials: issue, introspect and revoke`, options, async (t) => {
    const app = await server(t, { engine })
    const resources = { 'https://api.example/': 'read write' }
    const grants = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
    const config = await discover(app, await application(app, grants, { resources }))
    const own = await client.clientCredentialsGrant(config)
    assert.equal((await app.get('/protected', { token: own.access_token })).status, 200)
    assert.equal((await app.get('/v1/me', { token: own.access_token })).status, 403)
    const forApi = await client.clientCredentialsGrant(config, {
      resource: 'https://api.example/',
      scope: 'read',
    })
    const looked = await client.tokenIntrospection(config, forApi.access_token)
    assert.deepEqual([looked.active, looked.aud, looked.scope], [true, 'https://api.example/', 'read'])
    assert.equal(
      (await app.get('/protected', { token: forApi.access_token })).status,
      401,
      'it is for another client',
    )
    await assert.rejects(client.clientCredentialsGrant(config, { resource: 'https://other.example/' }))
    await assert.rejects(client.clientCredentialsGrant(config, { scope: 'admin' }))
    await client.tokenRevocation(config, own.access_token)
    assert.equal((await app.get('/protected', { token: own.access_token })).status, 401)
    assert.equal((await client.tokenIntrospection(config, forApi.access_token)).active, true)
  })

  test(
    `${engine.name}: a first-party token is not introspected by other clients, and can be revoked`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      assert.deepEqual(await client.tokenIntrospection(config, user.accessToken), { active: false })
      const reply = await app.post('/oauth/revoke', { form: { client_id: 'sumun', token: user.accessToken } })
      assert.equal(reply.status, 200, JSON.stringify(reply.body))
      assert.equal((await app.get('/v1/me', { token: user.accessToken })).status, 401)
      assert.equal((await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 401)
    },
  )
}

test('a native application may use any loopback port, and nothing else', async (t) => {
  const app = await server(t)
  const native = {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/cb'],
  }
  const config = await discover(app, await application(app, native))
  const asked = await request(config, { redirect_uri: 'http://127.0.0.1:51234/cb' })
  const page = await signInBy(openPageBrowser(app.url), asked.url, await app.user())
  assert.ok(page.url.startsWith('http://127.0.0.1:51234/cb?code='), page.url)
  const checks = { pkceCodeVerifier: asked.verifier, expectedState: asked.state, expectedNonce: asked.nonce }
  assert.ok((await client.authorizationCodeGrant(config, new URL(page.url), checks)).id_token)
  for (const redirect of [
    'http://127.0.0.1:51234/cb/x',
    'http://127.0.0.2:1/cb',
    'https://127.0.0.1:1/cb',
    callback,
  ])
    assert.equal(
      (await openPageBrowser(app.url).open((await request(config, { redirect_uri: redirect })).url)).status,
      400,
      redirect,
    )
})
