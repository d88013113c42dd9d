import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { openPageBrowser, type PageBrowser } from '../support/page-browser.ts'
import { comeBack, connect, endpointsOf, startUpstream, type Upstream } from '../support/upstream.ts'

// Unlinking and signing out, here and at the provider.
interface Asked {
  path: string
  method: string
  authorization: string | null
  body: string
}

/** A provider with tokens that can be refreshed, and what it is asked at these paths. */
async function leavable(
  t: Parameters<typeof server>[0],
  paths: readonly string[],
): Promise<{ upstream: Upstream; asked: Asked[] }> {
  const asked: Asked[] = []
  const upstream = await startUpstream(t)
  const record = (path: string) => {
    return (_: unknown, { method, headers, body }: { method: string; headers: Headers; body: string }) => {
      asked.push({ path, method, authorization: headers.get('authorization'), body })
      return {}
    }
  }
  upstream.quirks = {
    token: (reply) => ({ body: { ...reply, refresh_token: 'refresh-1' } }),
    paths: Object.fromEntries(paths.map((path) => [path, record(path)])),
  }
  return { upstream, asked }
}

/** An account with a password that links the identity by the pages. */
async function linked(
  app: TestServer,
  upstream: Upstream,
  slug: string,
): Promise<{ browser: PageBrowser; credential: string; token: string; accountId: `acc_${string}` }> {
  const user = await app.user()
  const browser = openPageBrowser(app.url)
  let page = await browser.open(`${app.url}/signin`)
  page = await browser.submit(page, { username: user.email })
  page = await browser.submit(page, { password: user.password })
  page = await browser.submit(page, {}, `/account/connections/${slug}`)
  const url = new URL(page.url)
  assert.equal(url.origin, upstream.issuer)
  page = await comeBack(app, browser, upstream, { page, slug })
  assert.match(page.url, /said=linked/)
  const { body } = await app.get('/v1/me/credentials', { token: user.accessToken })
  const { id } = body.credentials.find(({ method }: { method: string }) => method !== 'password')
  return { browser, credential: id, token: user.accessToken, accountId: user.accountId as `acc_${string}` }
}

for (const engine of engines)
  test(`${engine.name}: unlinking revokes the token that was kept for it`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { upstream, asked } = await leavable(t, ['/revoke'])
    upstream.quirks.discovery = { revocation_endpoint: `${upstream.issuer}/revoke` }
    await connect(app, upstream, { settings: { unlink: true } })
    const { browser, credential, accountId } = await linked(app, upstream, 'up')
    const held = await app.running.engine.store.credentials.listByAccount(accountId)
    assert.match(JSON.stringify(held), /"kept":/)
    assert.doesNotMatch(JSON.stringify(held), /refresh-1/, 'sealed')
    let page = await browser.open(`${app.url}/account/credentials/${credential}`)
    page = await browser.submit(page, {}, `/account/credentials/${credential}/remove`)
    assert.match(page.url, /said=there-too/)
    assert.match(page.text, /Unlinked, here and at the provider/)
    assert.deepEqual(
      asked.map(({ body }) => new URLSearchParams(body).get('token')),
      ['refresh-1'],
    )
  })

test('without a kept token, or with a provider that refuses, the page says that it is unlinked only here', async (t) => {
  const app = await server(t)
  const { upstream, asked } = await leavable(t, [])
  upstream.quirks.discovery = { revocation_endpoint: `${upstream.issuer}/revoke` }
  for (const [slug, unlink] of [
    ['keeps', true],
    ['does-not', false],
  ] as const) {
    await connect(app, upstream, { slug, settings: { unlink } })
    const { browser, credential, token } = await linked(app, upstream, slug)
    let page = await browser.open(`${app.url}/account/credentials/${credential}`)
    page = await browser.submit(page, {}, `/account/credentials/${credential}/remove`)
    assert.match(page.url, /said=only-here/)
    assert.match(page.text, /Unlinked here/)
    const { body } = await app.get('/v1/me/credentials', { token })
    assert.equal(body.credentials.length, 1)
    upstream.user.sub = `${upstream.user.sub}, another`
  }
  assert.deepEqual(asked, [])
  assert.equal(upstream.seen.counts['/revoke'], 1)
})

test('deleting the account unlinks it at the provider', async (t) => {
  const app = await server(t)
  const { upstream, asked } = await leavable(t, ['/revoke'])
  upstream.quirks.discovery = { revocation_endpoint: `${upstream.issuer}/revoke` }
  await connect(app, upstream, { settings: { unlink: true } })
  const { token } = await linked(app, upstream, 'up')
  assert.equal((await app.call('DELETE', '/v1/me', { token })).status, 204)
  assert.equal(asked.length, 1)
})

const oauth2 = { token: ({ id_token: _, ...tokens }: Record<string, unknown>) => tokens }
const providers = [
  {
    preset: 'kakao',
    expected: [{ path: '/v1/user/unlink', method: 'POST', authorization: 'Bearer of refresh-1', body: '' }],
  },
  {
    preset: 'line',
    expected: [
      {
        ...{ path: '/oauth2/v2.1/revoke', method: 'POST', authorization: null },
        body: 'access_token=of+refresh-1&client_id=sumun&client_secret=the+client+secret+of+the+simulator',
      },
    ],
  },
  {
    preset: 'naver',
    expected: [{ path: '/oauth2.0/revoke', method: 'POST', authorization: null, body: /token=refresh-1/ }],
  },
  {
    preset: 'facebook',
    expected: [{ path: '/me/permissions', method: 'DELETE', authorization: 'Bearer of refresh-1', body: '' }],
  },
  {
    preset: 'github',
    expected: [
      {
        ...{ path: '/applications/sumun/grant', method: 'DELETE' },
        authorization: `Basic ${Buffer.from('sumun:the client secret of the simulator').toString('base64')}`,
        body: '{"access_token":"of refresh-1"}',
      },
    ],
  },
]

for (const { preset, expected } of providers)
  test(`${preset}: unlinking is told as the provider wants it`, async (t) => {
    const app = await server(t)
    const { upstream, asked } = await leavable(
      t,
      expected.map(({ path }) => path),
    )
    const isOAuth2 = ['facebook', 'github'].includes(preset)
    const { paths, token } = upstream.quirks
    upstream.quirks = {
      ...upstream.quirks,
      ...(isOAuth2 && {
        response: { iss: undefined },
        token: (reply, form) => {
          const { status, body } = token?.(reply, form) ?? { status: 200, body: reply }
          return { ...(status !== undefined && { status }), body: oauth2.token(body as never) }
        },
      }),
      idToken: preset === 'naver' ? { nonce: undefined } : {},
      userinfo: (user) =>
        preset === 'naver' ? { resultcode: '00', response: { id: user.sub, name: 'Kim' } } : user,
      paths: {
        ...paths,
        '/me': (user) => ({ id: user.sub, name: 'Kim' }),
        '/me/emails': () => [],
        '/v2/user/me': () => ({}),
      },
    }
    const endpoints = isOAuth2 ? endpointsOf(upstream.issuer, '/me') : {}
    const algorithm = preset === 'line' ? { algorithm: 'RS256' } : {}
    await connect(app, upstream, {
      ...{ preset, slug: 'up' },
      settings: { ...endpoints, ...algorithm, unlink: true },
    })
    const { browser, credential } = await linked(app, upstream, 'up')
    let page = await browser.open(`${app.url}/account/credentials/${credential}`)
    page = await browser.submit(page, {}, `/account/credentials/${credential}/remove`)
    assert.match(page.url, /said=there-too/)
    assert.equal(asked.length, 1)
    const [one] = expected
    const [told] = asked
    for (const name of ['path', 'method', 'authorization'] as const) assert.equal(told?.[name], one?.[name])
    if (one?.body instanceof RegExp) assert.match(told?.body ?? '', one.body)
    else assert.equal(told?.body, one?.body)
  })

test('signing out here signs out at the provider, if the connection does that', async (t) => {
  const app = await server(t)
  const { upstream } = await leavable(t, [])
  upstream.quirks.discovery = { end_session_endpoint: `${upstream.issuer}/logout` }
  await connect(app, upstream, { slug: 'out', settings: { sign_out: true } })
  await connect(app, upstream, { slug: 'stays' })
  const signIn = async (slug: string) => {
    const browser = openPageBrowser(app.url)
    let page = await browser.submit(await browser.open(`${app.url}/signin`), {}, `/signin/with/${slug}`)
    page = await comeBack(app, browser, upstream, { page, slug })
    assert.match((page = await browser.open(`${app.url}/account`)).url, /\/account$/)
    return { browser, page }
  }
  const { browser, page } = await signIn('out')
  const left = new URL((await browser.submit(page, {}, '/account/sign-out')).url)
  assert.equal(`${left.origin}${left.pathname}`, `${upstream.issuer}/logout`)
  assert.equal(left.searchParams.get('post_logout_redirect_uri'), `${app.url}/signin`)
  assert.equal(left.searchParams.get('client_id'), upstream.clientId)
  assert.match(left.searchParams.get('id_token_hint') ?? '', /^ey/)
  assert.match((await browser.open(`${app.url}/account`)).url, /\/signin/)
  // By the other connection the same identity signs in, and signs out only here.
  const other = await signIn('stays')
  assert.equal((await other.browser.submit(other.page, {}, '/account/sign-out')).url, `${app.url}/signin`)
})

test('a provider that is down, or names a bad address, does not keep anyone signed in here', async (t) => {
  const app = await server(t)
  for (const discovery of [
    { end_session_endpoint: 'javascript:alert(1)' },
    { end_session_endpoint: undefined },
  ]) {
    const { upstream } = await leavable(t, [])
    upstream.quirks.discovery = discovery
    const slug = discovery.end_session_endpoint === undefined ? 'none' : 'bad'
    await connect(app, upstream, { slug, settings: { sign_out: true } })
    upstream.user.email = `${slug}@example.com`
    const browser = openPageBrowser(app.url)
    let page = await browser.submit(await browser.open(`${app.url}/signin`), {}, `/signin/with/${slug}`)
    await comeBack(app, browser, upstream, { page, slug })
    page = await browser.open(`${app.url}/account`)
    assert.equal((await browser.submit(page, {}, '/account/sign-out')).url, `${app.url}/signin`)
    assert.match((await browser.open(`${app.url}/account`)).url, /\/signin/)
  }
})
