import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as client from 'openid-client'
import type { Reply } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

const deviceGrant = {
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a pushed authorization request is used once, and keeps parameters out of the URL`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const asked = await request(config)
      const url = await client.buildAuthorizationUrlWithPAR(config, new URLSearchParams(asked.parameters))
      assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
      const browser = openPageBrowser(app.url)
      const page = await signInBy(browser, url.href, user)
      assert.equal((await exchange(config, asked, page.url)).claims()?.sub, user.accountId)
      const again = await browser.open(url.href)
      assert.match(again.url + again.text, /invalid_request_uri|was already used/)
    },
  )

  test(`${engine.name}: a signed request object, and private_key_jwt`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const keys = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' }
    const metadata = {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [jwk] },
      request_object_signing_alg: 'ES256',
    }
    const { id } = await application(app, metadata)
    const config = await discover(
      app,
      { id, secret: undefined },
      client.PrivateKeyJwt({ key: keys.privateKey, kid: 'own' }),
    )
    const asked = await request(config)
    const url = await client.buildAuthorizationUrlWithJAR(config, new URLSearchParams(asked.parameters), {
      key: keys.privateKey,
      kid: 'own',
    })
    const page = await signInBy(openPageBrowser(app.url), url.href, user)
    assert.equal((await exchange(config, asked, page.url)).claims()?.sub, user.accountId)
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${url.searchParams.get('request')?.split('.')[1]}.`
    const bad = new URL(url)
    bad.searchParams.set('request', none)
    const refused = await openPageBrowser(app.url).open(bad.href)
    assert.match(refused.url + refused.text, /invalid_request_object/)
  })

  test(`${engine.name}: a DPoP proof is valid once, for one key and one token`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app))
    const [own, others] = [await client.randomDPoPKeyPair(), await client.randomDPoPKeyPair()]
    const DPoP = client.getDPoPHandle(config, own)
    const asked = await request(config)
    const page = await signInBy(openPageBrowser(app.url), asked.url, user)
    const tokens = await exchange(config, asked, page.url, {}, { DPoP })
    assert.equal(tokens.token_type, 'dpop')
    const { cnf } = decodeJwt(tokens.access_token) as { cnf: { jkt: string } }
    assert.equal(cnf.jkt, await calculateJwkThumbprint(await exportJWK(own.publicKey)))
    assert.equal(
      (await client.fetchUserInfo(config, tokens.access_token, user.accountId, { DPoP })).email,
      user.email,
    )
    await assert.rejects(
      client.fetchUserInfo(config, tokens.access_token, user.accountId, {
        DPoP: client.getDPoPHandle(config, others),
      }),
    )
    assert.equal(
      (await app.get('/protected', { token: tokens.access_token })).status,
      401,
      'as a bearer token it is worth nothing',
    )
    const proof = await new SignJWT({
      htm: 'GET',
      htu: `${app.url}/oauth/userinfo`,
      jti: 'once',
      ath: await hashOf(tokens.access_token),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(own.publicKey) })
      .setIssuedAt()
      .sign(own.privateKey)
    const call = { headers: { authorization: `DPoP ${tokens.access_token}`, dpop: proof } }
    const replies = await Promise.all(Array.from({ length: 10 }, () => app.get('/oauth/userinfo', call)))
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  })

  test(`${engine.name}: a device signs in by a user code`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const { id } = await application(
      app,
      { ...deviceGrant, token_endpoint_auth_method: 'none', client_name: 'Terminal' },
      {},
    )
    const config = await discover(app, { id, secret: undefined })
    const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid email offline_access' })
    const poll = () =>
      client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', {
        device_code: begun.device_code,
      })
    await assert.rejects(poll(), ({ error }: client.ResponseBodyError) => error === 'authorization_pending')
    const browser = openPageBrowser(app.url)
    const wrong = await browser.submit(await browser.open(begun.verification_uri), {
      user_code: 'BBBB-BBBB',
    })
    assert.match(wrong.text, /There is no such code/)
    const named = await browser.submit(await browser.submit(wrong, { user_code: begun.user_code }), {
      username: user.email,
    })
    const consent = await browser.submit(named, { password: user.password })
    assert.match(consent.text, /Terminal asks for access/)
    assert.ok(consent.text.includes(begun.user_code), 'what to compare, and what it may do, on one page')
    assert.doesNotMatch(consent.text, /go back to/)
    const done = await browser.submit(consent, { decision: 'allow' })
    assert.match(done.text, /The device is connected/)
    app.clock.advance(60_000) // however often it has asked too soon
    const polls = await Promise.allSettled(Array.from({ length: 10 }, poll))
    const refused = polls.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as client.ResponseBodyError).error] : [],
    )
    assert.equal(refused.length, 9, 'of many polls at once, one gets the tokens')
    for (const error of refused) assert.ok(error === 'slow_down' || error === 'invalid_grant', error)
    const used = await browser.submit(await browser.open(begun.verification_uri), {
      user_code: begun.user_code,
    })
    assert.match(used.text, /used already|no such code/)
  })

  test(`${engine.name}: a refused device gets access_denied`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const { id } = await application(app, { ...deviceGrant, token_endpoint_auth_method: 'none' }, {})
    const config = await discover(app, { id, secret: undefined })
    const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
    const browser = openPageBrowser(app.url)
    const typed = await browser.submit(await browser.open(begun.verification_uri), {
      user_code: begun.user_code,
    })
    const consent = await browser.submit(await browser.submit(typed, { username: user.email }), {
      password: user.password,
    })
    await browser.submit(consent, { decision: 'deny' })
    await assert.rejects(
      client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', {
        device_code: begun.device_code,
      }),
      ({ error }: client.ResponseBodyError) => error === 'access_denied',
    )
  })

  test(
    `${engine.name}: token exchange: a first-party service gets a token within its limits`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
      const grants = { grant_types: [exchangeGrant], response_types: [], redirect_uris: [] }
      const resources = { 'https://orders.example/': 'orders:read' }
      const service = await discover(app, await application(app, grants, { firstParty: true, resources }))
      const stranger = await discover(app, await application(app, grants, { resources }))
      const subject = {
        subject_token: user.accessToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }
      const got = await client.genericGrantRequest(service, exchangeGrant, {
        ...subject,
        resource: 'https://orders.example/',
      })
      const claims = decodeJwt(got.access_token)
      assert.deepEqual(
        [claims.sub, claims.aud, claims.scope],
        [user.accountId, 'https://orders.example/', 'orders:read'],
      )
      assert.deepEqual(claims.act, { sub: service.clientMetadata().client_id })
      await assert.rejects(client.genericGrantRequest(stranger, exchangeGrant, subject))
      await assert.rejects(
        client.genericGrantRequest(service, exchangeGrant, { ...subject, scope: 'account admin' }),
      )
      await assert.rejects(
        client.genericGrantRequest(service, exchangeGrant, {
          ...subject,
          resource: 'https://other.example/',
        }),
      )
      assert.equal((await client.tokenIntrospection(service, got.access_token)).active, true)
      await app.post('/logout', { json: { refresh_token: user.refreshToken } })
      assert.equal(
        (await client.tokenIntrospection(service, got.access_token)).active,
        false,
        'it ends with the session',
      )
    },
  )

  test(`${engine.name}: pairwise subjects differ by sector, and are stable`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const pairwise = (host: string) => ({
      subject_type: 'pairwise',
      redirect_uris: [`https://${host}/callback`],
    })
    const subjects: string[] = []
    for (const host of ['one.example', 'two.example', 'one.example']) {
      const config = await discover(app, await application(app, pairwise(host)))
      const asked = await request(config, { redirect_uri: `https://${host}/callback` })
      const page = await signInBy(openPageBrowser(app.url), asked.url, user)
      const checks = {
        pkceCodeVerifier: asked.verifier,
        expectedState: asked.state,
        expectedNonce: asked.nonce,
      }
      const tokens = await client.authorizationCodeGrant(config, new URL(page.url), checks)
      const sub = tokens.claims()?.sub as string
      assert.equal(decodeJwt(tokens.access_token).sub, sub)
      assert.equal((await client.fetchUserInfo(config, tokens.access_token, sub)).sub, sub)
      assert.equal((await client.tokenIntrospection(config, tokens.access_token)).sub, sub)
      subjects.push(sub)
    }
    assert.equal(subjects[0], subjects[2])
    assert.equal(new Set([...subjects, user.accountId]).size, 3)
  })

  test(
    `${engine.name}: dynamic registration works once per token, without own permissions`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await app.running.openid.offerRegistration('test')
      const metadata = {
        redirect_uris: ['https://new.example/callback'],
        client_name: 'New',
        scope: 'openid email admin account',
        sumun_settings: { firstParty: true },
      }
      assert.equal((await app.post('/oauth/register', { json: metadata })).status, 401)
      const replies = await Promise.all(
        Array.from({ length: 5 }, () => app.post('/oauth/register', { json: metadata, token })),
      )
      const made = replies.filter(({ status }) => status === 201)
      assert.equal(made.length, 1, JSON.stringify(replies.map(({ body }) => body)))
      const {
        client_id: id,
        client_secret: secret,
        registration_access_token: own,
        scope,
        ...rest
      } = (made[0] as Reply).body
      assert.equal(scope, 'openid email')
      assert.ok(!Object.keys(rest).some((key) => key.startsWith('sumun')))
      const read = await app.get(`/oauth/register/${id}`, { token: own })
      assert.deepEqual([read.status, read.body.client_secret], [200, undefined])
      const config = await discover(app, { id, secret })
      const page = await signInBy(
        openPageBrowser(app.url),
        (await request(config, { redirect_uri: 'https://new.example/callback' })).url,
        await app.user(),
      )
      assert.match(page.text, /New/, 'people are asked')
    },
  )

  test(`${engine.name}: the claims parameter`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user({ name: 'Kim' })
    const config = await discover(app, await application(app))
    const claims = JSON.stringify({ id_token: { email: null }, userinfo: { name: { essential: true } } })
    const { tokens } = await signIn(config, {
      browser: openPageBrowser(app.url),
      user,
      parameters: { scope: 'openid', claims },
    })
    assert.equal(tokens.claims()?.email, user.email)
    assert.equal((await client.fetchUserInfo(config, tokens.access_token, user.accountId)).name, 'Kim')
  })
}

const hashOf = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url')
