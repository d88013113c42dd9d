import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calculateJwkThumbprint, decodeJwt, exportJWK } from 'jose'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, discover, signIn } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const type = 'urn:ietf:params:oauth:token-type:access_token'
const grants = { grant_types: [grant], response_types: [], redirect_uris: [] }
const resources = { 'https://orders.example/': 'orders:read' }

/** A user signed in to an application, and a first-party service that was called with its token. */
async function chain(
  app: TestServer,
  settings: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
) {
  const user = await app.user()
  const config = await discover(app, await application(app))
  const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
  const service = await discover(
    app,
    await application(app, { ...grants, ...metadata }, { firstParty: true, resources, ...settings }),
  )
  const subject = { subject_token: tokens.access_token, subject_token_type: type }
  return { user, config, tokens, service, subject }
}

const refusedWith = (code: string) => (error: client.ResponseBodyError) => {
  assert.equal(error.error, code, error.error_description)
  return true
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an exchanged token is revoked alone, and ends with its subject token`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { config, tokens, service, subject } = await chain(app)
      const [one, two] = [
        await client.genericGrantRequest(service, grant, subject),
        await client.genericGrantRequest(service, grant, subject),
      ]
      assert.equal(one.issued_token_type, type)
      // The same at every endpoint.
      for (const { access_token: token } of [one, two]) {
        assert.equal((await client.tokenIntrospection(service, token)).active, true)
        assert.equal((await app.get('/protected', { token })).status, 200)
        assert.equal((await app.get('/oauth/userinfo', { token })).status, 200)
      }
      await client.tokenRevocation(service, one.access_token)
      assert.equal((await client.tokenIntrospection(service, one.access_token)).active, false)
      assert.equal((await app.get('/protected', { token: one.access_token })).status, 401)
      assert.equal((await app.get('/oauth/userinfo', { token: one.access_token })).status, 401)
      // Nothing else ended: neither the other token, nor the application's grant, nor the session.
      assert.equal((await app.get('/protected', { token: two.access_token })).status, 200)
      assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 200)
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token as string)
      await client.tokenRevocation(config, refreshed.refresh_token as string)
      assert.equal(
        (await client.tokenIntrospection(service, two.access_token)).active,
        false,
        'it ends with the first',
      )
      assert.equal((await app.get('/protected', { token: two.access_token })).status, 401)
    },
  )

  test(`${engine.name}: unsupported exchange requests are refused`, options, async (t) => {
    const app = await server(t, { engine })
    const { service, subject, tokens } = await chain(app)
    const asked = (more: Record<string, string>) =>
      client.genericGrantRequest(service, grant, { ...subject, ...more })
    await assert.rejects(asked({ audience: 'https://elsewhere.example/' }), refusedWith('invalid_target'))
    await assert.rejects(
      asked({ resource: 'https://orders.example/', audience: 'another' }),
      refusedWith('invalid_target'),
    )
    await assert.rejects(asked({ actor_token: tokens.access_token }), refusedWith('invalid_request'))
    await assert.rejects(asked({ actor_token_type: type }), refusedWith('invalid_request'))
    await assert.rejects(
      asked({ actor_token: 'nonsense', actor_token_type: type }),
      refusedWith('invalid_grant'),
    )
    await assert.rejects(asked({ scope: 'admin' }), refusedWith('invalid_scope'))
    await assert.rejects(
      asked({ requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }),
      refusedWith('invalid_request'),
    )
    await assert.rejects(asked({ subject_token: 'nonsense' }), refusedWith('invalid_grant'))
    const byName = await asked({ audience: 'https://orders.example' })
    assert.deepEqual(
      [decodeJwt(byName.access_token).aud, byName.scope],
      ['https://orders.example/', 'orders:read'],
    )
  })

  test(
    `${engine.name}: act is nested, and an exchanged token lives no longer than its client's tokens`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { service, subject, user } = await chain(app, { accessTokenSeconds: 120 })
      const actor = await app.user()
      const got = await client.genericGrantRequest(service, grant, {
        ...subject,
        actor_token: actor.accessToken,
        actor_token_type: type,
      })
      const claims = decodeJwt(got.access_token)
      assert.equal(claims.sub, user.accountId)
      assert.equal((claims.act as { sub: string }).sub, actor.accountId)
      assert.ok(got.expires_in !== undefined && got.expires_in <= 120)
      assert.ok((claims.exp as number) - (claims.iat as number) <= 120)
      const next = await discover(app, await application(app, grants, { firstParty: true, resources }))
      const further = await client.genericGrantRequest(next, grant, {
        subject_token: got.access_token,
        subject_token_type: type,
      })
      const act = decodeJwt(further.access_token).act as { sub: string; act: { sub: string } }
      assert.deepEqual([act.sub, act.act.sub], [next.clientMetadata().client_id, actor.accountId])
      await client.tokenRevocation(service, got.access_token)
      assert.equal(
        (await app.get('/protected', { token: further.access_token })).status,
        401,
        'and ends with the one before',
      )
    },
  )

  test(`${engine.name}: a DPoP-bound client gets bound tokens only by exchange`, options, async (t) => {
    const app = await server(t, { engine })
    const { service, subject } = await chain(app, {}, { dpop_bound_access_tokens: true })
    await assert.rejects(client.genericGrantRequest(service, grant, subject), refusedWith('invalid_grant'))
    const keys = await client.randomDPoPKeyPair()
    const got = await client.genericGrantRequest(service, grant, subject, {
      DPoP: client.getDPoPHandle(service, keys),
    })
    assert.equal(got.token_type.toLowerCase(), 'dpop')
    const thumbprint = await calculateJwkThumbprint(await exportJWK(keys.publicKey))
    assert.deepEqual(decodeJwt(got.access_token).cnf, { jkt: thumbprint })
    assert.equal(
      (await app.get('/oauth/userinfo', { token: got.access_token })).status,
      401,
      'without the key',
    )
  })
}
