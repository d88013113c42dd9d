import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, signIn } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a client introspects its own tokens and those for its API only`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const resources = { 'https://orders.example/': 'orders:read' }
      const config = await discover(app, await application(app, {}, { firstParty: true, resources }))
      const stranger = await discover(app, await application(app))
      const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
      assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true)
      for (const token of [tokens.access_token, tokens.refresh_token as string])
        assert.deepEqual(
          await client.tokenIntrospection(stranger, token),
          { active: false },
          'not even whose it is',
        )
      const program = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
      const caller = await discover(app, await application(app, program, { resources }))
      const own = await client.clientCredentialsGrant(caller, { resource: 'https://orders.example/' })
      const api = await discover(app, await application(app, program, { resources }))
      assert.equal(
        (await client.tokenIntrospection(api, own.access_token)).active,
        true,
        'it is for this API',
      )
      assert.equal((await client.tokenIntrospection(stranger, own.access_token)).active, false)
    },
  )

  test(`${engine.name}: introspection needs client authentication`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const open = await application(app, { token_endpoint_auth_method: 'none' })
    for (const form of [
      { token: user.accessToken },
      { token: user.accessToken, client_id: open.id },
      { token: user.accessToken, client_id: 'nobody' },
      { token: user.accessToken, client_id: open.id, client_secret: 'guess' },
    ] as Record<string, string>[]) {
      const { status, body } = await app.post('/oauth/introspect', { form })
      assert.deepEqual(
        [status, body.error],
        [401, 'invalid_client'],
        JSON.stringify({ form: Object.keys(form), body }),
      )
    }
  })

  test(`${engine.name}: a token has one spelling`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
    const other = tokens.access_token.replaceAll('.', '~')
    assert.equal((await app.get('/oauth/userinfo', { token: other })).status, 401)
    assert.equal((await client.tokenIntrospection(config, other)).active, false)
    await client.tokenRevocation(config, other).catch(() => undefined)
    assert.equal((await app.get('/oauth/userinfo', { token: tokens.access_token })).status, 200)
  })

  test(
    `${engine.name}: the scope account reads the account; without it the missing scope is named`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const whole = await signIn(config, { browser, user, parameters: { scope: 'openid account' } })
      const me = await app.get('/v1/me', { token: whole.tokens.access_token })
      assert.deepEqual([me.status, me.body.id], [200, user.accountId], JSON.stringify(me.body))
      const less = await signIn(config, { browser, user, parameters: { scope: 'openid' } })
      const refused = await app.get('/v1/me', { token: less.tokens.access_token })
      assert.deepEqual([refused.status, refused.body.code], [403, 'insufficient_scope'])
      const change = await app.post('/v1/me/credentials/totp', { json: {}, token: whole.tokens.access_token })
      assert.ok(change.status === 401 || change.status === 403, 'to read is not to change what signs in')
    },
  )
}
