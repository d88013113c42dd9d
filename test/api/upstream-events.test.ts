import assert from 'node:assert/strict'
import { createCipheriv, createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { generateKeyPair, SignJWT } from 'jose'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import {
  connect,
  endpointsOf,
  oauth2Settings,
  signInUpstream,
  startUpstream,
  type Upstream,
} from '../support/upstream.ts'

// Signed events of a provider: RFC 8935, back-channel logout, Apple's notifications.
const logout = 'http://schemas.openid.net/event/backchannel-logout'
const risc = 'https://schemas.openid.net/secevent/risc/event-type'
const kakao = 'https://schemas.kakao.com/events/oauth/user-unlinked'

interface Told {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: Upstream['privateKey']
}

const signed = (
  { issuer, clientId, user, privateKey }: Upstream,
  { claims = {}, header = {}, key = privateKey }: Told = {},
) => {
  const now = Math.floor(Date.now() / 1000)
  const all = {
    iss: issuer,
    aud: clientId,
    iat: now,
    jti: randomUUID(),
    sub: user.sub,
    events: { [logout]: {} },
    ...claims,
  }
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key)
}
const asSecurityEvent = (app: TestServer, token: string, slug = 'up') =>
  app.post(`/v1/connections/${slug}/events`, {
    raw: token,
    headers: { 'content-type': 'application/secevent+jwt' },
  })
const asLogout = (app: TestServer, token: string) =>
  app.post('/v1/connections/up/events', { form: { logout_token: token } })
const asApple = (app: TestServer, token: string) =>
  app.post('/v1/connections/up/events', { json: { payload: token } })
const isSignedIn = async (app: TestServer, token: string) =>
  (await app.get('/v1/me', { token })).status === 200

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a sign-out at the provider ends the sessions that rest on it, and no others`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream)
      const mine = (await signInUpstream(app, upstream)).body.access_token
      const other = await app.user()
      const told = await asLogout(app, await signed(upstream))
      assert.equal(told.status, 202, JSON.stringify(told.body))
      assert.equal(await isSignedIn(app, mine), false)
      assert.equal(await isSignedIn(app, other.accessToken), true)
      assert.equal((await signInUpstream(app, upstream)).status, 200)
    },
  )

  test(`${engine.name}: a token takes effect once`, options, async (t) => {
    const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
    await connect(app, upstream)
    await signInUpstream(app, upstream)
    const token = await signed(upstream)
    assert.equal((await asLogout(app, token)).status, 202)
    const again = (await signInUpstream(app, upstream)).body.access_token
    const replays = await Promise.all(Array.from({ length: 5 }, () => asLogout(app, token)))
    assert.ok(replays.every(({ status }) => status === 202))
    assert.equal(await isSignedIn(app, again), true)
  })

  test(
    `${engine.name}: an unlinked identity is removed, unless it is the last way in`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream)
      upstream.user = { sub: 'only', name: 'Kim' }
      const only = (await signInUpstream(app, upstream)).body.access_token
      const events = {
        [kakao]: { subject: { subject_type: 'iss-sub', iss: upstream.issuer, sub: upstream.user.sub } },
      }
      const tell = async () =>
        asSecurityEvent(
          app,
          await signed(upstream, { claims: { sub: undefined, events }, header: { typ: 'secevent+jwt' } }),
        )
      assert.equal((await tell()).status, 202)
      assert.equal(await isSignedIn(app, only), false)
      assert.equal((await signInUpstream(app, upstream)).status, 200, 'the last way in stays')

      const owner = await app.user()
      const token = owner.accessToken
      upstream.user = { sub: 'linked', name: 'Kim' }
      const begun = await app.post('/v1/me/credentials/oidc', { token, json: { connection: 'up' } })
      const answer = await upstream.answer(begun.body.challenge.redirect_url)
      assert.equal((await app.post('/v1/me/credentials/oidc/answer', { token, json: answer })).status, 201)
      events[kakao] = { subject: { subject_type: 'iss-sub', iss: upstream.issuer, sub: 'linked' } }
      assert.equal((await tell()).status, 202)
      const { body } = await app.post('/login', { json: { username: owner.email, password: owner.password } })
      const { body: held } = await app.get('/v1/me/credentials', { token: body.access_token })
      assert.deepEqual(
        held.credentials.map(({ method }: { method: string }) => method),
        ['password'],
      )
    },
  )
}

test('apple tells by a token in JSON, with the event as text', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const mine = (await signInUpstream(app, upstream)).body.access_token
  const event = (type: string) => JSON.stringify({ type, sub: upstream.user.sub, event_time: 1 })
  const tell = async (type: string) =>
    asApple(app, await signed(upstream, { claims: { sub: undefined, events: event(type) } }))
  assert.equal((await tell('email-disabled')).status, 202)
  assert.equal(await isSignedIn(app, mine), true)
  assert.equal((await tell('consent-revoked')).status, 202)
  assert.equal(await isSignedIn(app, mine), false)
  const { body } = await app.get('/v1/connections/up/events')
  assert.equal(body.code, 'method_not_allowed')
})

/** As Naver makes it: its developer guide, 4.4. */
function naverNotice(
  { clientId, secret }: Upstream,
  user: string,
  change: Record<string, string | number | undefined> = {},
): Record<string, string> {
  const key = createHash('md5').update(secret).digest()
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const encryptUniqueId = Buffer.concat([iv, cipher.update(user), cipher.final()]).toString('base64url')
  const timestamp = String(change.timestamp ?? Math.floor(Date.now() / 1000))
  const text = `clientId=${clientId}&encryptUniqueId=${encryptUniqueId}&timestamp=${timestamp}`
  const signature = createHmac('sha256', key).update(text).digest('base64url')
  const all = { clientId, encryptUniqueId, signature, ...change, timestamp }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}

test('naver tells of a withdrawn consent by a signed form, whose user is encrypted', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  upstream.user = { sub: 'naver-id' }
  upstream.quirks = {
    idToken: { nonce: undefined },
    userinfo: () => ({ resultcode: '00', response: { id: 'naver-id', name: '민지' } }),
  }
  await connect(app, upstream, { preset: 'naver', slug: 'naver' })
  const signIn = async () =>
    (await signInUpstream(app, upstream, { slug: 'naver' })).body.access_token as string
  const tell = (form: Record<string, string>) => app.post('/v1/connections/naver/events', { form })
  const mine = await signIn()
  const now = Math.floor(Date.now() / 1000)
  const other = naverNotice({ ...upstream, secret: 'another secret' }, 'naver-id')
  const hostile: Record<string, Record<string, string>> = {
    'another secret': other,
    'another client': naverNotice(upstream, 'naver-id', { clientId: 'another' }),
    'another signature': naverNotice(upstream, 'naver-id', { signature: other.signature }),
    'another user': naverNotice(upstream, 'naver-id', { encryptUniqueId: other.encryptUniqueId }),
    'an old notice': naverNotice(upstream, 'naver-id', { timestamp: now - 2 * 86_400 }),
    'one of the future': naverNotice(upstream, 'naver-id', { timestamp: now + 3600 }),
    'no time': naverNotice(upstream, 'naver-id', { timestamp: 'soon' }),
    'no user': naverNotice(upstream, ''),
    'nothing but a name': { clientId: upstream.clientId },
  }
  for (const [what, form] of Object.entries(hostile)) {
    const { status, body } = await tell(form)
    // A user that is nobody's is told of, and is no one here.
    assert.deepEqual(what === 'no user' ? [204] : [400], [status], `${what} ${JSON.stringify(body)}`)
  }
  assert.equal(await isSignedIn(app, mine), true)
  const notice = naverNotice(upstream, 'naver-id')
  assert.equal((await tell(notice)).status, 204)
  assert.equal(await isSignedIn(app, mine), false)
  const again = await signIn()
  assert.equal((await tell(notice)).status, 204)
  assert.equal(await isSignedIn(app, again), true, 'a notice takes effect once')
})

test('facebook’s signed request ends the sign-in, and is told where the user sees what is kept', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  upstream.quirks = {
    token: ({ id_token: _, ...tokens }) => ({ body: tokens }),
    response: { iss: undefined },
    paths: { '/me': () => ({ id: '77', name: 'Kim' }) },
  }
  const settings = endpointsOf(upstream.issuer, '/me')
  await connect(app, upstream, { preset: 'facebook', slug: 'fb', settings })
  const mine = (await signInUpstream(app, upstream, { slug: 'fb', method: 'oauth2' })).body.access_token
  const request = (claims: Record<string, unknown>, secret = upstream.secret) => {
    const payload = Buffer.from(
      JSON.stringify({ algorithm: 'HMAC-SHA256', issued_at: Math.floor(Date.now() / 1000), ...claims }),
    ).toString('base64url')
    return `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`
  }
  const tell = (signed: string) => app.post('/v1/connections/fb/events', { form: { signed_request: signed } })
  for (const [what, signed] of Object.entries({
    'another secret': request({ user_id: '77' }, 'another'),
    'no signature': request({ user_id: '77' }).replace(/^[^.]*/, ''),
    'another algorithm': request({ user_id: '77', algorithm: 'none' }),
    'no user': request({}),
    'a user that is a number': request({ user_id: 77 }),
    'an old request': request({ user_id: '77', issued_at: 1 }),
    'no payload': `${createHmac('sha256', upstream.secret).update('').digest('base64url')}.`,
  }))
    assert.equal((await tell(signed)).status, 400, what)
  const token = await app.post('/v1/connections/fb/events', { json: { payload: 'x'.repeat(40) } })
  assert.equal(token.status, 400)
  assert.equal(await isSignedIn(app, mine), true)
  const told = await tell(request({ user_id: '77' }))
  assert.deepEqual([told.status, told.body.url], [200, `${app.url}/account/data`])
  assert.match(told.body.confirmation_code, /^[0-9a-f]{16}$/)
  assert.equal(await isSignedIn(app, mine), false)
  await connect(app, upstream, { preset: 'oauth2', slug: 'plain', settings: oauth2Settings(upstream.issuer) })
  const plain = await app.post('/v1/connections/plain/events', { form: { signed_request: 'x' } })
  assert.equal(plain.status, 404, 'a provider that tells nothing has no address for it')
})

test('a token that is not the provider’s, not for this client, or no event, has no effect', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const mine = (await signInUpstream(app, upstream)).body.access_token
  const { privateKey: other } = await generateKeyPair('RS256')
  const now = Math.floor(Date.now() / 1000)
  const hostile: Record<string, Told> = {
    'another key': { key: other },
    'another issuer': { claims: { iss: 'https://evil.example.com' } },
    'another audience': { claims: { aud: 'another client' } },
    'no events': { claims: { events: undefined } },
    'an ID token': { claims: { events: undefined, nonce: 'x' } },
    'a nonce': { claims: { nonce: 'x' } },
    'no jti': { claims: { jti: undefined } },
    'no iat': { claims: { iat: undefined } },
    'too old': { claims: { iat: now - 2 * 86_400 } },
    'from the future': { claims: { iat: now + 3600 } },
    'no subject': { claims: { sub: undefined } },
    'a subject of another issuer': {
      claims: {
        sub: undefined,
        events: {
          [`${risc}/sessions-revoked`]: {
            subject: { iss: 'https://evil.example.com', sub: upstream.user.sub },
          },
        },
      },
    },
    'a subject that is a number': { claims: { sub: 1 } },
    'a list of events': { claims: { events: [] } },
    'many events': {
      claims: { events: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`e${i}`, {}])) },
    },
  }
  for (const [what, told] of Object.entries(hostile)) {
    const reply = await asSecurityEvent(app, await signed(upstream, told))
    assert.deepEqual(
      [reply.status, reply.body.code, reply.body.err],
      [400, 'malformed_request', 'invalid_request'],
      what,
    )
  }
  for (const raw of ['', 'x', 'a.b.c', `${'x'.repeat(5000)}.y.z`, '{}'])
    assert.ok([400, 415].includes((await asSecurityEvent(app, raw)).status), raw.slice(0, 9))
  for (const json of [{}, [], { payload: 1 }, { logout_token: null }, 'text'])
    assert.equal((await app.post('/v1/connections/up/events', { json })).status, 400)
  assert.equal((await asSecurityEvent(app, await signed(upstream), 'none')).status, 404)
  const elsewhere = { raw: await signed(upstream), headers: { 'content-type': 'application/secevent+jwt' } }
  for (const path of ['/login', '/v1/attempts', '/signin'])
    assert.equal((await app.post(path, elsewhere)).status, 415, path)
  assert.equal(await isSignedIn(app, mine), true)
  const unknown = await asSecurityEvent(
    app,
    await signed(upstream, { claims: { events: { [`${risc}/__proto__`]: {} } } }),
  )
  assert.equal(unknown.status, 202)
  assert.equal(await isSignedIn(app, mine), true)
})

test('signing out at a second Sumun signs out here, by its back-channel logout', async (t) => {
  const [app, upstream] = [await server(t), await server(t)]
  const { id, secret } = await application(upstream, {
    redirect_uris: [`${app.url}/v1/callback/second`],
    backchannel_logout_uri: `${app.url}/v1/connections/second/events`,
    backchannel_logout_session_required: true,
  })
  const there = { issuer: upstream.url, clientId: id, secret: secret as string }
  await connect(app, there, { slug: 'second', settings: { authentication: 'client_secret_basic' } })
  const user = await upstream.user()
  const [mine, theirs] = [openPageBrowser(app.url), openPageBrowser(upstream.url)]
  const page = await mine.submit(await mine.open(`${app.url}/signin`), {}, '/signin/with/second')
  let at = await theirs.open(page.url)
  at = await theirs.submit(at, { username: user.email })
  at = await theirs.submit(at, { password: user.password })
  assert.ok(at.url.startsWith(`${app.url}/v1/callback/second`), at.url)
  const back = await mine.open(at.url)
  await mine.submit(back, {}, '/signin/callback/second')
  assert.match((await mine.open(`${app.url}/account`)).url, /\/account$/)
  const account = await theirs.open(`${upstream.url}/account`)
  await theirs.submit(account, {}, '/account/sign-out')
  const giveUp = performance.now() + 15_000
  for (;;) {
    const { url } = await mine.open(`${app.url}/account`)
    if (url.includes('/signin')) break
    assert.ok(performance.now() < giveUp, 'the session here did not end')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})
