import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as client from 'openid-client'
import { createVerifier, TokenError, type TokenFault, type Verifier } from '../../sdk/src/index.ts'
import { rotateSigningKeys } from '../../src/engine/keys/rotate-keys.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, discover } from '../support/oidc.ts'
import { enrolTotp } from '../support/users.ts'

interface Service {
  verifier: Verifier
  calls: string[]
  /** False: the issuer cannot be reached. */
  isOnline: { value: boolean }
  later(milliseconds: number): void
}

/** An API with a clock of its own, whose calls to the issuer are counted. */
function service(app: TestServer, audience = app.url): Service {
  let added = 0
  const calls: string[] = []
  const isOnline = { value: true }
  const verifier = createVerifier({
    issuer: app.url,
    audience,
    now: () => app.clock.now() + added,
    fetch: async (url, init) => {
      calls.push(new URL(url).pathname)
      if (!isOnline.value) throw new Error('no way there')
      return fetch(url, init)
    },
  })
  return {
    verifier,
    calls,
    isOnline,
    later(milliseconds) {
      added += milliseconds
    },
  }
}

const refusedAs = (code: TokenFault) => (error: unknown) => {
  assert.ok(error instanceof TokenError, String(error))
  assert.equal(error.code, code)
  return true
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an API verifies tokens locally, and knows of a revocation within five seconds`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const users = [await app.user(), await app.user()] as const
      const api = service(app)
      for (let times = 0; times < 1000; times++)
        for (const { accessToken } of users) await api.verifier.verify(accessToken)
      assert.deepEqual(api.calls.sort(), [
        '/.well-known/jwks.json',
        '/.well-known/openid-configuration',
        '/oauth/status/s0',
      ])
      await app.post('/logout', { json: { refresh_token: users[0].refreshToken } })
      await new Promise((resolve) => setTimeout(resolve, 1000)) // every node knows by then
      api.later(3999)
      await api.verifier.verify(users[0].accessToken).catch(() => undefined)
      api.later(2)
      await assert.rejects(api.verifier.verify(users[0].accessToken), refusedAs('revoked'))
      assert.equal((await api.verifier.verify(users[1].accessToken)).sub, users[1].accountId)
    },
  )

  test(`${engine.name}: a client’s grant is revoked alone`, options, async (t) => {
    const app = await server(t, { engine })
    const grants = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
    const config = await discover(app, await application(app, grants))
    const [one, two] = [
      await client.clientCredentialsGrant(config),
      await client.clientCredentialsGrant(config),
    ]
    const api = service(app)
    assert.equal((await api.verifier.verify(one.access_token)).sub, config.clientMetadata().client_id)
    await client.tokenRevocation(config, one.access_token)
    api.later(4001)
    await assert.rejects(api.verifier.verify(one.access_token), refusedAs('revoked'))
    await api.verifier.verify(two.access_token)
  })
}

test('stale status lists are not trusted while the issuer is unreachable', async (t) => {
  const app = await server(t)
  const { accessToken } = await app.user()
  const api = service(app)
  await api.verifier.verify(accessToken)
  api.isOnline.value = false
  api.later(3000)
  await api.verifier.verify(accessToken)
  api.later(2000)
  await assert.rejects(api.verifier.verify(accessToken), refusedAs('issuer_unavailable'))
  api.isOnline.value = true
  await api.verifier.verify(accessToken)
})

test('a new key is fetched, and invented key ids cause no repeated requests', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const api = service(app)
  await api.verifier.verify(user.accessToken)
  await rotateSigningKeys(app.running.engine, { actor: 'test', algorithm: 'ES256' })
  const next = (await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).body.access_token
  await api.verifier.verify(next)
  const keys = await generateKeyPair('ES256')
  const before = api.calls.length
  for (let times = 0; times < 50; times++) {
    const forged = await new SignJWT({ scope: 'account' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: `made-up-${times}` })
      .sign(keys.privateKey)
    await assert.rejects(api.verifier.verify(forged), refusedAs('signature'))
  }
  assert.ok(api.calls.length - before <= 2, `${api.calls.length - before} calls`)
})

test('tokens of another issuer, audience or time are refused with the reason', async (t) => {
  const app = await server(t)
  const { accessToken } = await app.user()
  const api = service(app)
  const [head = '', body = '', signature = ''] = accessToken.split('.')
  const changed = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), sub: 'acc_x' }),
  ).toString('base64url')
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'x' })).toString('base64url')
  const cases: Record<string, TokenFault> = {
    '': 'malformed',
    x: 'malformed',
    'a.b.c': 'malformed',
    [`${head}.${changed}.${signature}`]: 'signature',
    [`${head}.${body}.${'A'.repeat(86)}`]: 'signature',
    [`${unsigned}.${body}.`]: 'malformed',
    [`${unsigned}.${body}.AAAA`]: 'signature',
    ['x'.repeat(20_000)]: 'malformed',
  }
  for (const [token, code] of Object.entries(cases))
    await assert.rejects(api.verifier.verify(token), refusedAs(code), token.slice(0, 40))
  await assert.rejects(
    service(app, 'https://other.example').verifier.verify(accessToken),
    refusedAs('audience'),
  )
  await api.verifier.verify(accessToken)
  api.later(1_800_000)
  await assert.rejects(
    api.verifier.verify(accessToken),
    refusedAs('expired'),
    'also one that was seen before',
  )
})

test('an API requires scopes, assurance and a recent sign-in', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const api = service(app)
  await api.verifier.verify(user.accessToken, { scope: 'account', acr: 'aal1', maxAge: 60 })
  await assert.rejects(
    api.verifier.verify(user.accessToken, { scope: 'account admin' }),
    refusedAs('insufficient_scope'),
  )
  await assert.rejects(
    api.verifier.verify(user.accessToken, { acr: 'aal2' }),
    refusedAs('insufficient_user_authentication'),
  )
  const phone = await enrolTotp(app, user.accessToken)
  app.clock.advance(61_000)
  await assert.rejects(
    api.verifier.verify(user.accessToken, { maxAge: 60 }),
    refusedAs('insufficient_user_authentication'),
  )
  const both = await app.post('/login', {
    json: { username: user.email, password: user.password, code: phone.codeAt(app.clock.now()) },
  })
  assert.equal((await api.verifier.verify(both.body.access_token, { acr: 'aal2', maxAge: 60 })).acr, 'aal2')
})

test('a bound token needs its key, and each proof is valid once', async (t) => {
  const app = await server(t)
  const grants = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
  const config = await discover(app, await application(app, grants))
  const [own, other] = [await client.randomDPoPKeyPair(), await client.randomDPoPKeyPair()]
  const { access_token: token } = await client.clientCredentialsGrant(
    config,
    {},
    { DPoP: client.getDPoPHandle(config, own) },
  )
  const api = service(app)
  const url = 'https://api.example/orders'
  const proof = async (keys: client.CryptoKeyPair, change: Record<string, unknown> = {}) =>
    new SignJWT({ htm: 'GET', htu: url, jti: crypto.randomUUID(), ath: await hashOf(token), ...change })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey) })
      .setIssuedAt(change.iat as number | undefined)
      .sign(keys.privateKey)
  const good = await proof(own)
  const call = (one: string) =>
    api.verifier.verify(token, { dpop: { proof: one, method: 'GET', url: `${url}?page=2` } })
  await call(good)
  await assert.rejects(call(good), refusedAs('proof'), 'replayed')
  await assert.rejects(api.verifier.verify(token), refusedAs('proof'), 'none')
  const bad = {
    htm: 'POST',
    htu: 'https://api.example/other',
    ath: 'x',
    iat: Math.floor(Date.now() / 1000) - 120,
    jti: 7,
  }
  for (const [name, value] of Object.entries(bad))
    await assert.rejects(call(await proof(own, { [name]: value })), refusedAs('proof'), name)
  await assert.rejects(call(await proof(other)), refusedAs('proof'), 'another key')
  const { accessToken } = await app.user()
  await assert.rejects(
    api.verifier.verify(accessToken, { dpop: { proof: await proof(own), method: 'GET', url } }),
    refusedAs('proof'),
  )
})

const hashOf = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url')
