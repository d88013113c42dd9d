import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { server, type TestServer } from '../support/fixture.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import {
  comeBack,
  connect,
  type Quirks,
  signInUpstream,
  startUpstream,
  type Upstream,
} from '../support/upstream.ts'

// A hostile provider, and a hostile user of a good one.
const { privateKey: otherKey } = await generateKeyPair('RS256')
const now = () => Math.floor(Date.now() / 1000)
const withSecret = (secret: string) => (claims: JWTPayload) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))

/** Each must be refused, and sign in no one. */
const hostile: Record<string, Quirks | ((upstream: Upstream) => Quirks)> = {
  'another nonce': { idToken: { nonce: 'of another sign-in' } },
  'no nonce': { idToken: { nonce: undefined } },
  'another issuer in the ID token': { idToken: { iss: 'https://accounts.google.com' } },
  'another issuer in the response (mix-up)': { response: { iss: 'https://evil.example.com' } },
  'no issuer in the response, though announced': { response: { iss: undefined } },
  'another audience': { idToken: { aud: 'another client' } },
  'a second audience without azp': { idToken: { aud: ['sumun', 'another client'] } },
  'another authorised party': { idToken: { azp: 'another client', aud: ['sumun', 'another client'] } },
  'an expired ID token': { idToken: { iat: now() - 7200, exp: now() - 3600 } },
  'an ID token from the future': { idToken: { nbf: now() + 3600 } },
  'a subject that is a number': { idToken: { sub: Number.MAX_SAFE_INTEGER + 2 } },
  'an empty subject': { idToken: { sub: '' } },
  'a subject that is null': { idToken: { sub: null } },
  'a subject longer than 255 characters': { idToken: { sub: 'x'.repeat(256) } },
  'no subject': { idToken: { sub: undefined } },
  'algorithm none': { sign: async (claims) => new UnsecuredJWT(claims).encode() },
  'HS256 with the client secret': ({ secret }) => ({ sign: withSecret(secret) }),
  'HS256 with the client id': ({ clientId }) => ({ sign: withSecret(clientId.padEnd(32, 'x')) }),
  'a key of another provider': {
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(otherKey),
  },
  'no ID token': { token: ({ id_token: _, ...reply }) => ({ body: reply }) },
  'an ID token that is none': { token: (reply) => ({ body: { ...reply, id_token: 'a.b.c' } }) },
  'an error with status 200': { token: () => ({ body: { error: 'invalid_grant' } }) },
  'a reply of 10 MB': { token: (reply) => ({ body: { ...reply, padding: 'x'.repeat(10_000_000) } }) },
  'a redirect of the token endpoint': { token: () => ({ status: 302, body: {} }) },
  'a reply that is no JSON object': { token: () => ({ body: ['access_token'] }) },
  'userinfo of another subject': {
    idToken: { email: undefined, name: undefined },
    userinfo: (user) => ({ ...user, sub: 'another' }),
  },
  'another code (injection)': { response: { code: 'of another user' } },
}

for (const [name, quirks] of Object.entries(hostile)) {
  test(`${name} is refused`, async (t) => {
    const [app, upstream] = [await server(t), await startUpstream(t)]
    await connect(app, upstream)
    upstream.quirks = typeof quirks === 'function' ? quirks(upstream) : quirks
    const refused = await signInUpstream(app, upstream)
    assert.deepEqual(
      [refused.status, refused.body.code],
      [400, 'answer_refused'],
      JSON.stringify(refused.body),
    )
    assert.equal(refused.body.access_token, undefined)
    upstream.quirks = {}
    assert.equal((await signInUpstream(app, upstream)).status, 200)
  })
}

test('a subject of one issuer is not that of another', async (t) => {
  const [app, good, evil] = [await server(t), await startUpstream(t), await startUpstream(t)]
  await connect(app, good)
  await connect(app, evil, { slug: 'evil', emailTrust: 'flag' })
  const owner = await signInUpstream(app, good)
  evil.user = { ...good.user, email: 'evil@example.com' }
  const other = await signInUpstream(app, evil, { slug: 'evil' })
  assert.equal(other.status, 200)
  const idOf = async (token: string) => (await app.get('/v1/me', { token })).body.id
  assert.notEqual(await idOf(other.body.access_token), await idOf(owner.body.access_token))
})

test('a provider that vouches for an address of a user is given no account of theirs', async (t) => {
  const [app, evil] = [await server(t), await startUpstream(t)]
  await connect(app, evil, { emailTrust: 'flag' })
  await app.user({ email: 'kim@example.com' })
  for (const email of ['kim@example.com', 'KIM@EXAMPLE.COM', ' kim@example.com '])
    assert.equal(
      (await signInUpstream(app, Object.assign(evil, { user: { ...evil.user, email } }))).status,
      409,
    )
})

test('an answer for one connection is refused at the callback of another', async (t) => {
  const [app, good, evil] = [await server(t), await startUpstream(t), await startUpstream(t)]
  await connect(app, good)
  await connect(app, evil, { slug: 'evil' })
  const browser = openPageBrowser(app.url)
  const page = await browser.submit(await browser.open(`${app.url}/signin`), {}, '/signin/with/up')
  const answer = new URLSearchParams(await good.answer(page.url))
  const back = await browser.open(`${app.url}/v1/callback/evil?${answer}`)
  assert.doesNotMatch(back.text, /<form method="post" action="[^"]*callback/)
  assert.equal(evil.seen.counts['/token'], undefined)
})

/** A browser at the provider, and the answer that it is given there. */
async function answerFor(app: TestServer, upstream: Upstream) {
  const browser = openPageBrowser(app.url)
  const page = await browser.submit(await browser.open(`${app.url}/signin`), {}, '/signin/with/up')
  return { browser, answer: new URLSearchParams(await upstream.answer(page.url)) }
}

test('an answer that another browser began signs no one in (login CSRF)', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const { browser: attacker, answer } = await answerFor(app, upstream)
  for (const victim of [openPageBrowser(app.url), (await answerFor(app, upstream)).browser]) {
    const back = await victim.open(`${app.url}/v1/callback/up?${answer}`)
    const end = await victim.submit(back, {}, '/signin/callback/up')
    assert.match(end.text, /another browser/)
    assert.ok(!victim.cookies().some(({ name }) => name.includes('sumun_session')))
  }
  assert.equal(upstream.seen.counts['/token'], undefined)
  const back = await attacker.open(`${app.url}/v1/callback/up?${answer}`)
  assert.match((await attacker.submit(back, {}, '/signin/callback/up')).url, /\/account/)
})

test('the form of the callback is refused from another site', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const { browser, answer } = await answerFor(app, upstream)
  const cookie = browser
    .cookies()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const headers = { cookie, origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }
  for (const path of ['/signin/callback/up', '/account/callback/up', '/signin/with/up'])
    assert.equal((await app.post(path, { form: Object.fromEntries(answer), headers })).status, 403, path)
})

test('an answer by a form of the provider comes through the same step', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const { browser, answer } = await answerFor(app, upstream)
  const posted = await app.post('/v1/callback/up', {
    form: Object.fromEntries(answer),
    headers: { origin: upstream.issuer, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(posted.status, 200)
  assert.ok(!posted.headers.getSetCookie().some((line) => line.includes('sumun_session')))
  const page = { url: `${app.url}/v1/callback/up`, status: 200, headers: posted.headers, text: posted.body }
  assert.match((await browser.submit(page, {}, '/signin/callback/up')).url, /\/account/)
})

test('a link that another account began is refused (link CSRF)', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const signedIn = async (sub: string) => {
    upstream.user = { sub, name: sub }
    const browser = openPageBrowser(app.url)
    const page = await browser.submit(await browser.open(`${app.url}/signin`), {}, '/signin/with/up')
    await comeBack(app, browser, upstream, { page })
    return browser
  }
  const [attacker, victim] = [await signedIn('attacker'), await signedIn('victim')]
  const page = await attacker.submit(await attacker.open(`${app.url}/account`), {}, '/account/connections/up')
  upstream.user = { sub: 'second identity of the attacker', name: 'x' }
  const answer = new URLSearchParams(await upstream.answer(page.url))
  const back = await victim.open(`${app.url}/v1/callback/up?${answer}`)
  const end = await victim.submit(back, {}, '/account/callback/up')
  assert.match(end.text, /another browser/)
  const overview = await victim.open(`${app.url}/account`)
  assert.equal(overview.text.match(/\/account\/credentials\//g)?.length, 1)
})

test('a connection that is disabled, or whose secret changes, in the middle of a sign-in', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const { store } = app.running.engine
  const { body: attempt } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
  const begun = await app.post(`/v1/attempts/${attempt.id}/oidc`, { json: { connection: 'up' } })
  const json = await upstream.answer(begun.body.challenge.redirect_url)
  const connection = await store.connections.findBySlug('up')
  assert.ok(connection && (await store.connections.update({ ...connection, state: 'disabled' })))
  const refused = await app.post(`/v1/attempts/${attempt.id}/oidc/answer`, { json })
  assert.deepEqual([refused.body.code, refused.body.notes], ['answer_refused', { upstream: 'misconfigured' }])
  assert.equal(upstream.seen.counts['/token'], undefined)
  const disabled = await store.connections.findBySlug('up')
  assert.ok(disabled && (await store.connections.update({ ...disabled, state: 'enabled' })))
  upstream.secret = 'rotated at the provider'
  const rotated = await signInUpstream(app, upstream)
  assert.deepEqual([rotated.body.code, rotated.body.notes], ['answer_refused', { upstream: 'misconfigured' }])
})

test('answers of a stranger, of any shape, are 4xx pages without a session', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const tkt = 'tkt_01m8fjf4wqf2ntsm16wgzywfr3.'
  for (const query of [
    '',
    '?state=',
    '?state=x',
    `?state=${tkt}${'x'.repeat(43)}&code=1`,
    '?state=%00&code=%ff',
    '?error=access_denied',
  ])
    for (const path of [
      '/v1/callback/up',
      '/v1/callback/none',
      '/v1/callback/%00',
      `/v1/callback/${'a'.repeat(300)}`,
    ]) {
      const reply = await app.get(path + query, { headers: { accept: 'text/html' } })
      assert.ok(reply.status < 500, `${path}${query} ${reply.status}`)
      assert.ok(!reply.headers.getSetCookie().some((line) => line.includes('sumun_session')))
    }
})

test('a provider whose document names an internal address is not called there', async (t) => {
  const upstream = await startUpstream(t)
  const internal = await startUpstream(t)
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  upstream.quirks = { discovery: { token_endpoint: `${internal.issuer}/token` } }
  await connect(app, upstream)
  const refused = await signInUpstream(app, upstream)
  assert.deepEqual([refused.status, refused.body.code], [503, 'upstream_unavailable'])
  assert.deepEqual([upstream.seen.counts, internal.seen.counts], [{}, {}])
})
