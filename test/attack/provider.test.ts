import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import * as client from 'openid-client'
import { setAccountState } from '../../src/engine/accounts/manage-account.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

// RFC 9700 and what oidc-provider's own list names; each attack meets the running server.

test('redirect URIs are compared exactly, for errors too', async (t) => {
  const app = await server(t)
  const config = await discover(app, await application(app))
  const tricks = [
    `${callback}/`,
    `${callback}/..`,
    `${callback}?x=1`,
    `${callback}#x`,
    `${callback}%2f..`,
    'https://app.example/CALLBACK',
    'https://APP.example/callback',
    'https://app.example:443/callback',
    'https://app.example:8443/callback',
    'https://app.example.evil.example/callback',
    'https://app.example@evil.example/callback',
    'https://evil.example\\@app.example/callback',
    'http://app.example/callback',
    'https://app.example//callback',
    '//app.example/callback',
    'javascript:alert(1)',
    'data:text/html,x',
    ' https://app.example/callback',
    '',
  ]
  for (const redirect of tricks) {
    const page = await openPageBrowser(app.url).open((await request(config, { redirect_uri: redirect })).url)
    assert.equal(page.status, 400, redirect)
    assert.ok(page.url.startsWith(app.url), `${redirect} led to ${page.url}`)
  }
  const twice = `${(await request(config)).url}&redirect_uri=${encodeURIComponent('https://evil.example/')}`
  assert.ok((await openPageBrowser(app.url).open(twice)).url.startsWith(app.url))
})

test('without PKCE, with `plain`, or with another verifier no token is issued', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const config = await discover(app, await application(app))
  const verifier = client.randomPKCECodeVerifier()
  for (const parameters of [
    { code_challenge_method: 'plain', code_challenge: verifier },
    { code_challenge_method: 'S512' },
  ] as Record<string, string>[]) {
    const page = await openPageBrowser(app.url).open((await request(config, parameters)).url)
    assert.equal(new URL(page.url).searchParams.get('error'), 'invalid_request')
  }
  const without = new URL((await request(config)).url)
  for (const name of ['code_challenge', 'code_challenge_method']) without.searchParams.delete(name)
  assert.match((await openPageBrowser(app.url).open(without.href)).url, /error=invalid_request/)
  const asked = await request(config)
  const page = await signInBy(openPageBrowser(app.url), asked.url, user)
  await assert.rejects(exchange(config, { ...asked, verifier: client.randomPKCECodeVerifier() }, page.url))
})

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a stolen code is not valid for another client or redirect URI`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const first = await application(app, { redirect_uris: [callback, 'https://app.example/other'] })
      const own = await discover(app, first)
      const attacker = await discover(app, await application(app))
      const asked = await request(own)
      const page = await signInBy(openPageBrowser(app.url), asked.url, user)
      await assert.rejects(
        exchange(attacker, asked, page.url),
        ({ error }: client.ResponseBodyError) => error === 'invalid_grant',
      )
      const code = new URL(page.url).searchParams.get('code') as string
      const token = (redirect: string, secret = first.secret as string) =>
        app.post('/oauth/token', {
          form: {
            grant_type: 'authorization_code',
            code,
            code_verifier: asked.verifier,
            redirect_uri: redirect,
          },
          headers: { authorization: `Basic ${Buffer.from(`${first.id}:${secret}`).toString('base64')}` },
        })
      assert.equal((await token('https://app.example/other')).body.error, 'invalid_grant')
      assert.equal((await token(callback, 'sumun_cs_guess')).status, 401)
      assert.equal(
        (
          await app.post('/oauth/token', {
            form: { grant_type: 'authorization_code', code, client_id: first.id },
          })
        ).status,
        401,
      )
      assert.equal((await token(callback)).status, 200)
    },
  )

  test(`${engine.name}: a token of one kind is not valid as another`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const first = await application(app, {}, { firstParty: true })
    const config = await discover(app, first)
    const asked = await request(config)
    const page = await signInBy(openPageBrowser(app.url), asked.url, user)
    const {
      access_token: access,
      id_token: id,
      refresh_token: refresh,
    } = await exchange(config, asked, page.url)
    for (const token of [id as string, refresh as string]) {
      assert.equal((await app.get('/protected', { token })).status, 401)
      assert.equal((await app.get('/oauth/userinfo', { token })).status, 401)
    }
    for (const token of [access, id as string, user.refreshToken])
      await assert.rejects(client.refreshTokenGrant(config, token))
    assert.equal((await app.post('/refresh', { json: { refresh_token: refresh } })).status, 401)
    assert.equal((await client.tokenIntrospection(config, id as string)).active, false)
  })
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a disabled account redeems neither code nor refresh token`, options, async (t) => {
    const app = await server(t, { engine })
    const [user, other] = [await app.user(), await app.user()]
    const config = await discover(app, await application(app))
    const asked = await request(config)
    const page = await signInBy(openPageBrowser(app.url), asked.url, user)
    const before = await request(config)
    const tokens = await exchange(
      config,
      before,
      (await signInBy(openPageBrowser(app.url), before.url, other)).url,
    )
    for (const { accountId } of [user, other])
      await setAccountState(app.running.engine, {
        id: accountId as `acc_${string}`,
        state: 'disabled',
        actor: 'test',
      })
    await assert.rejects(
      exchange(config, asked, page.url),
      ({ error }: client.ResponseBodyError) => error === 'invalid_grant',
    )
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string))
    assert.equal((await app.get('/oauth/userinfo', { token: tokens.access_token })).status, 401)
  })

  test(
    `${engine.name}: a client cannot redeem, revoke or introspect another client’s tokens`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const [own, attacker] = [
        await discover(app, await application(app)),
        await discover(app, await application(app)),
      ]
      const asked = await request(own)
      const tokens = await exchange(
        own,
        asked,
        (await signInBy(openPageBrowser(app.url), asked.url, user)).url,
      )
      await assert.rejects(client.refreshTokenGrant(attacker, tokens.refresh_token as string))
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token as string }
      assert.ok(
        [400, 401].includes((await app.post('/oauth/token', { form })).status),
        'nor without a client',
      )
      assert.ok(
        (await client.refreshTokenGrant(own, tokens.refresh_token as string)).access_token,
        'and the try did no harm',
      )
      const again = await request(own)
      const pushed = await client.buildAuthorizationUrlWithPAR(own, new URLSearchParams(again.parameters))
      pushed.searchParams.set('client_id', attacker.clientMetadata().client_id)
      assert.doesNotMatch((await openPageBrowser(app.url).open(pushed.href)).url, /[?&]code=/)
    },
  )
}

test('only the browser that entered the code can connect a device', async (t) => {
  const app = await server(t)
  const grants = {
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
  }
  const { id } = await application(app, { ...grants, token_endpoint_auth_method: 'none' }, {})
  const config = await discover(app, { id, secret: undefined })
  const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
  const [mine, theirs] = [openPageBrowser(app.url), openPageBrowser(app.url)]
  const confirm = await mine.submit(await mine.open(begun.verification_uri), { user_code: begun.user_code })
  const form = Object.fromEntries(
    [...confirm.text.matchAll(/name="(xsrf|user_code)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  )
  await theirs.open(begun.verification_uri)
  const cookie = theirs
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const forged = await app.post('/oauth/device', {
    form: { ...form, confirm: 'yes' } as Record<string, string>,
    headers: { cookie },
  })
  assert.equal(forged.status, 400)
  const poll = client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', {
    device_code: begun.device_code,
  })
  await assert.rejects(poll, ({ error }: client.ResponseBodyError) => error === 'authorization_pending')
})

test('the server fetches client URLs only through the SSRF guard', async (t) => {
  const calls: string[] = []
  const inner = createServer((incoming, response) => {
    calls.push(String(incoming.url))
    response.end('{}')
  })
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve))
  t.after(() => inner.close())
  const { port } = inner.address() as AddressInfo
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  const metadata = {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `https://127.0.0.1:${port}/jwks`,
  }
  const { id } = await application(app, metadata)
  const assertion = `${Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'x' })).toString('base64url')}.${Buffer.from(
    JSON.stringify({
      iss: id,
      sub: id,
      aud: 'https://id.example.com',
      jti: 'x',
      exp: Math.floor(Date.now() / 1000) + 60,
    }),
  ).toString('base64url')}.AAAA`
  const reply = await app.post('/oauth/token', {
    form: {
      grant_type: 'client_credentials',
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  })
  assert.ok(reply.status === 400 || reply.status === 401, String(reply.status))
  await assert.rejects(
    application(app, { subject_type: 'pairwise', sector_identifier_uri: `https://127.0.0.1:${port}/sector` }),
  )
  const byReference = await app.get(
    `/oauth/authorize?client_id=${id}&request_uri=http://127.0.0.1:${port}/request&response_type=code`,
  )
  assert.equal(byReference.status, 400)
  assert.deepEqual(calls, [])
})

test('URLs use the issuer, whatever the Host header', async (t) => {
  const app = await server(t)
  const headers = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  }
  const document = await app.get('/.well-known/openid-configuration', { headers })
  assert.ok(!JSON.stringify(document.body).includes('evil'))
  const config = await discover(app, await application(app))
  const { pathname, search } = new URL((await request(config)).url)
  const reply = await app.get(pathname + search, { headers })
  assert.ok(!/evil/.test(`${reply.headers.get('location')}${reply.headers.getSetCookie()}`))
})

test('no implicit flow, no password grant, and only the listed algorithms', async (t) => {
  const app = await server(t)
  const config = await discover(app, await application(app))
  for (const type of ['token', 'id_token', 'id_token token', 'code token', 'code id_token']) {
    const page = await openPageBrowser(app.url).open((await request(config, { response_type: type })).url)
    assert.match(page.url, /error=unsupported_response_type/, type)
  }
  const user = await app.user()
  for (const grant of ['password', 'implicit', '']) {
    const reply = await app.post('/oauth/token', {
      form: { grant_type: grant, username: user.email, password: user.password, client_id: 'sumun' },
    })
    assert.ok([400, 401].includes(reply.status), `${grant}: ${reply.status}`)
  }
  for (const alg of ['none', 'HS256'])
    await assert.rejects(
      application(app, { id_token_signed_response_alg: alg }),
      ({ code }: { code: string }) => code === 'invalid_fields',
    )
})

test('a hundred guesses of a device code are limited, and its page cannot be framed', async (t) => {
  const app = await server(t)
  const browser = openPageBrowser(app.url)
  let page = await browser.open(`${app.url}/oauth/device`)
  assert.equal(page.headers.get('x-frame-options'), 'DENY')
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  const statuses = new Set<number>()
  for (let tries = 0; tries < 100; tries++) {
    const reply = await browser.submit(page, {
      user_code: `BCDF-${String(tries).padStart(4, 'G').replaceAll(/[0-9]/g, 'H')}`,
    })
    statuses.add(reply.status)
    if (reply.status !== 200) break
    page = reply
  }
  assert.ok(statuses.has(429), [...statuses].join())
})
