import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { sumun } from '../support/sumun.ts'

test('a cross-site form works like a link', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const config = await discover(app, await application(app))
  const browser = openPageBrowser(app.url)
  await signIn(config, { browser, user })
  const asked = await request(config)
  const form = Object.fromEntries(new URL(asked.url).searchParams)
  const posted = await app.post('/oauth/authorize', {
    form,
    headers: { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(posted.status, 303)
  assert.deepEqual(posted.headers.getSetCookie(), [], 'it takes no cookie of this browser away')
  const page = await browser.open(new URL(posted.headers.get('location') ?? '', app.url).href)
  assert.equal((await exchange(config, asked, page.url)).claims()?.sub, user.accountId)
  const out = await app.post('/oauth/logout', {
    form: { client_id: form.client_id as string },
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(out.status, 303)
  assert.match(
    (await browser.open(new URL(out.headers.get('location') ?? '', app.url).href)).text,
    /Sign out\?/,
  )
})

test('every endpoint has one spelling, and unknown ones get a problem document', async (t) => {
  const app = await server(t)
  for (const path of [
    '/oauth/Device',
    '/oauth/device/',
    '/oauth//device',
    '/oauth/TOKEN',
    '/oauth/nothing',
    '/oauth/',
    '/oauth/%64evice',
    '/oauth/authorize/',
  ]) {
    for (const method of ['GET', 'POST']) {
      const reply = await app.call(method, path)
      assert.equal(reply.status, 404, `${method} ${path}`)
      assert.match(reply.headers.get('content-type') ?? '', /application\/problem\+json/, path)
    }
  }
  for (const [method, path, allowed] of [
    ['GET', '/oauth/token', 'POST'],
    ['PUT', '/oauth/authorize', 'GET, POST'],
    ['DELETE', '/oauth/userinfo', 'GET, POST'],
    ['POST', '/.well-known/openid-configuration', 'GET'],
  ] as const) {
    const reply = await app.call(method, path)
    assert.equal(reply.status, 405, `${method} ${path}`)
    assert.equal(
      reply.headers.get('allow')?.startsWith(allowed),
      true,
      `${path}: ${reply.headers.get('allow')}`,
    )
    assert.match(reply.headers.get('content-type') ?? '', /application\/problem\+json/, path)
  }
})

test('bodies over the limit are refused without reading all of them', async (t) => {
  const app = await server(t)
  const reply = await app.post('/oauth/token', {
    raw: 'a'.repeat(2_000_000),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  assert.equal(reply.status, 413)
  for (const path of ['/oauth/token', '/oauth/authorize', '/oauth/introspect', '/oauth/device', '/oauth/par'])
    assert.equal((await app.post(path, { form: { client_id: 'a\0b' } })).status, 400, path)
  for (const path of [
    '/oauth/authorize?client_id=a%00b',
    '/oauth/logout?client_id=%00',
    '/signin?return_to=%00',
    '/v1/me?a=%00',
  ])
    assert.ok((await app.get(path)).status < 500, path)
})

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: RP-initiated logout signs the browser out, whichever session it has`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const { tokens } = await signIn(config, { browser, user })
      await browser.submit(await browser.open(`${app.url}/account`), {}, '/account/sign-out')
      // Signed in again, at our own page: another session than the one that the application began in.
      const named = await browser.submit(await browser.open(`${app.url}/signin?another=yes`), {
        username: user.email,
      })
      await browser.submit(named, { password: user.password })
      assert.equal(new URL((await browser.open(`${app.url}/account`)).url).pathname, '/account')
      const out = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token as string })
      await browser.submit(await browser.open(out.href), { logout: 'yes' })
      assert.equal(new URL((await browser.open(`${app.url}/account`)).url).pathname, '/signin')
    },
  )

  test(`${engine.name}: prompt=select_account and prompt=create`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app))
    assert.deepEqual(
      ['select_account', 'create', 'consent', 'login', 'none'].filter(
        (one) => !(config.serverMetadata().prompt_values_supported as string[]).includes(one),
      ),
      [],
    )
    const browser = openPageBrowser(app.url)
    await signIn(config, { browser, user })
    const chooser = await browser.open((await request(config, { prompt: 'select_account' })).url)
    assert.ok(!chooser.url.startsWith(callback), 'the chooser is shown')
    assert.ok(chooser.text.replaceAll('<wbr>', '').includes(user.email))
    const made = await openPageBrowser(app.url).open((await request(config, { prompt: 'create' })).url)
    assert.equal(new URL(made.url).pathname, '/signup')
  })

  test(
    `${engine.name}: a device that polls too often gets slow_down, and a late one expired_token`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const grant = 'urn:ietf:params:oauth:grant-type:device_code'
      const metadata = {
        grant_types: [grant],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'none',
      }
      const { id } = await application(app, metadata, {})
      const config = await discover(app, { id, secret: undefined })
      const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
      const poll = async () =>
        (
          await app.post('/oauth/token', {
            form: { grant_type: grant, client_id: id, device_code: begun.device_code },
          })
        ).body.error
      assert.equal(await poll(), 'authorization_pending')
      assert.equal(await poll(), 'slow_down')
      app.clock.advance(6_000)
      assert.equal(await poll(), 'slow_down', 'five seconds more than before (RFC 8628 §3.5)')
      app.clock.advance(30_000)
      assert.equal(await poll(), 'authorization_pending')
      app.clock.advance(3_600_000)
      assert.equal(await poll(), 'expired_token')
    },
  )

  test(`${engine.name}: resource indicators are compared as URLs`, options, async (t) => {
    const app = await server(t, { engine })
    const program = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
    const config = await discover(
      app,
      await application(app, program, { resources: { 'https://api.example/': 'read' } }),
    )
    for (const resource of ['https://api.example', 'https://api.example/', 'HTTPS://API.example:443/'])
      assert.ok((await client.clientCredentialsGrant(config, { resource })).access_token, resource)
    for (const resource of [
      'https://api.example/other',
      'http://api.example/',
      'https://api.example.evil/',
      'nonsense',
    ])
      await assert.rejects(client.clientCredentialsGrant(config, { resource }), resource)
  })

  test(
    `${engine.name}: a client with defaults signs in, and other libraries verify its ID tokens`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { environment } = app
      const user = await app.user()
      const added = await sumun(
        ['client', 'add', '--name', 'Boats', '--redirect-uri', callback, '--first-party', '--json'],
        {
          environment,
        },
      )
      assert.equal(added.exitCode, 0, added.stderr)
      const config = await discover(app, {
        id: added.json.client_id ?? added.json.id,
        secret: added.json.client_secret ?? added.json.secret,
      })
      const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
      assert.ok(tokens.refresh_token, 'code and refresh')
      assert.equal(decodeProtectedHeader(tokens.id_token as string).alg, 'RS256')
    },
  )

  test(
    `${engine.name}: an operator can waive PKCE for a confidential client, and the doctor lists it; never for a public one`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { environment } = app
      const user = await app.user()
      const add = (words: string[]) =>
        sumun(
          ['client', 'add', '--name', 'Old', '--redirect-uri', callback, '--first-party', ...words, '--json'],
          { environment },
        )
      const added = await add(['--no-pkce'])
      assert.equal(added.exitCode, 0, added.stderr)
      const config = await discover(app, {
        id: added.json.client_id ?? added.json.id,
        secret: added.json.client_secret ?? added.json.secret,
      })
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid',
        state: 's',
      })
      const page = await signInBy(openPageBrowser(app.url), url.href, user)
      const tokens = await client.authorizationCodeGrant(config, new URL(page.url), { expectedState: 's' })
      assert.equal(tokens.claims()?.sub, user.accountId)
      const doctor = await sumun(['doctor', '--json'], { environment })
      assert.match(doctor.stdout, /PKCE/)
      assert.notEqual((await add(['--no-pkce', '--public'])).exitCode, 0)
      const careful = await discover(app, await application(app))
      const without = client.buildAuthorizationUrl(careful, {
        redirect_uri: callback,
        scope: 'openid',
        state: 's',
      })
      assert.match(
        (await signInBy(openPageBrowser(app.url), without.href, user)).url,
        /error=invalid_request/,
      )
    },
  )

  test(
    `${engine.name}: a client assertion is for this issuer only, and for at most five minutes`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const keys = await generateKeyPair('ES256', { extractable: true })
      const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' }
      const { id } = await application(app, {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
      })
      const ask = async (claims: Record<string, unknown>) => {
        const assertion = await new SignJWT({ iss: id, sub: id, jti: String(Math.random()), ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'own' })
          .sign(keys.privateKey)
        const form = {
          grant_type: 'client_credentials',
          client_id: id,
          client_assertion: assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        }
        return (await app.post('/oauth/token', { form })).status
      }
      const now = Math.floor(app.clock.now() / 1000)
      assert.equal(await ask({ aud: app.url, exp: now + 60 }), 200)
      assert.equal(await ask({ aud: app.url, iat: now, exp: now + 60 }), 200)
      for (const claims of [
        { aud: app.url, exp: now + 3600 },
        { aud: app.url, iat: now, exp: now + 31_536_000 },
        { aud: [app.url, 'https://other.example'], exp: now + 60 },
        { aud: 'https://other.example', exp: now + 60 },
        { aud: app.url, exp: now - 120 },
        { aud: app.url },
      ])
        assert.equal(await ask(claims), 401, JSON.stringify(claims))
    },
  )
}

test('redirect URIs are https, loopback, or a private-use scheme', async (t) => {
  const app = await server(t)
  for (const uri of [
    'https://app.example/cb',
    'http://127.0.0.1/cb',
    'http://localhost:3000/cb',
    'com.example.app:/cb',
  ])
    await application(app, {
      redirect_uris: [uri],
      application_type: uri.startsWith('https') ? 'web' : 'native',
      ...(uri.startsWith('https') ? {} : { token_endpoint_auth_method: 'none' }),
    })
  for (const uri of [
    'http://app.example/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'app:/cb',
    'https://app.example/cb#x',
    '//app.example/cb',
  ])
    await assert.rejects(application(app, { redirect_uris: [uri] }), uri)
})
