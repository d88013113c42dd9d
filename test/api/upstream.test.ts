import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { issueTicket } from '../../src/engine/tickets/issue-ticket.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { comeBack, connect, oauth2Settings, signInUpstream, startUpstream } from '../support/upstream.ts'

// Sign-in with an account at another provider.
for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an unknown identity makes an account, and signs in to it from then on`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream)
      const first = await signInUpstream(app, upstream)
      assert.equal(first.status, 200, JSON.stringify(first.body))
      const { sub, amr, acr } = decodeJwt(first.body.access_token)
      assert.deepEqual([amr, acr], [['fed'], 'aal1'])
      const { body: me } = await app.get('/v1/me', { token: first.body.access_token })
      assert.equal(me.name, 'Kim')
      assert.deepEqual([me.email, me.email_verified], ['kim@example.com', true], JSON.stringify(me))
      upstream.user.name = 'Kim Minji'
      const second = await signInUpstream(app, upstream)
      assert.equal(decodeJwt(second.body.access_token).sub, sub)
      const { body: list } = await app.get('/v1/me/credentials', { token: second.body.access_token })
      assert.deepEqual(
        list.credentials.map(({ method, details }: { method: string; details: { name: string } }) => [
          method,
          details.name,
        ]),
        [['oidc', 'Kim Minji']],
      )
      upstream.user.sub = 'another person'
      upstream.user.email = 'lee@example.com'
      const other = await signInUpstream(app, upstream)
      assert.notEqual(decodeJwt(other.body.access_token).sub, sub)
    },
  )

  test(
    `${engine.name}: of concurrent first sign-ins of one identity, one makes the account`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream)
      const replies = await Promise.all(Array.from({ length: 6 }, () => signInUpstream(app, upstream)))
      const subjects = replies
        .filter(({ status }) => status === 200)
        .map(({ body }) => decodeJwt(body.access_token).sub)
      assert.ok(subjects.length >= 1)
      assert.equal(new Set(subjects).size, 1)
      for (const { status, body } of replies)
        assert.ok([200, 409].includes(status), `${status} ${JSON.stringify(body)}`)
      assert.equal((await signInUpstream(app, upstream)).status, 200)
    },
  )

  test(
    `${engine.name}: an answer is taken once, in its own attempt, and by one of two at once`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream)
      const attempts = await Promise.all(
        [0, 1].map(async () => (await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })).body.id),
      )
      const begin = (id: string) => app.post(`/v1/attempts/${id}/oidc`, { json: { connection: 'up' } })
      const [mine] = await Promise.all(attempts.map(begin))
      const answer = await upstream.answer(mine?.body.challenge.redirect_url)
      const send = (id: string) => app.post(`/v1/attempts/${id}/oidc/answer`, { json: answer })
      const swapped = await send(attempts[1])
      assert.deepEqual([swapped.status, swapped.body.code], [400, 'answer_refused'])
      const both = await Promise.all([send(attempts[0]), send(attempts[0])])
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400])
      assert.equal((await send(attempts[0])).body.code, 'attempt_over')
    },
  )

  test(`${engine.name}: an address that an account has is never joined silently`, options, async (t) => {
    const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
    await connect(app, upstream)
    const owner = await app.user({ email: 'kim@example.com' })
    const refused = await signInUpstream(app, upstream)
    assert.deepEqual([refused.status, refused.body.code], [409, 'account_exists'])
    const { body } = await app.get('/v1/me/credentials', { token: owner.accessToken })
    assert.deepEqual(
      body.credentials.map(({ method }: { method: string }) => method),
      ['password'],
    )

    const browser = openPageBrowser(app.url)
    let page = await browser.submit(await browser.open(`${app.url}/signin`), {}, '/signin/with/up')
    page = await comeBack(app, browser, upstream, { page })
    assert.match(page.text, /kim@example\.com/)
    page = await browser.submit(page, { username: 'kim@example.com' })
    page = await browser.submit(page, { password: owner.password })
    assert.match(page.text, /Link Upstream\?/)
    page = await browser.submit(page, {}, '/account/link')
    assert.match(page.url, /\/account\?said=linked/)
    const linked = await signInUpstream(app, upstream)
    assert.equal(decodeJwt(linked.body.access_token).sub, owner.accountId)
  })
}

test('an unverified address proves nothing: it is not shown whether it is taken, and its owner is told', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream, { emailTrust: 'never' })
  const owner = await app.user({ email: 'kim@example.com' })
  const made = await signInUpstream(app, upstream)
  assert.equal(made.status, 200, JSON.stringify(made.body))
  assert.notEqual(decodeJwt(made.body.access_token).sub, owner.accountId)
  const { body: me } = await app.get('/v1/me', { token: made.body.access_token })
  assert.notEqual(me.email_verified, true)
  assert.equal(
    (await app.post('/login', { json: { username: 'kim@example.com', password: owner.password } })).status,
    200,
  )
})

test('offers name the connections, of an account those that it is linked by', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  const offersOf = async (): Promise<{ method: string }[]> =>
    (await app.post('/v1/attempts', { json: { purpose: 'sign-in' }, headers: { 'accept-language': 'ko' } }))
      .body.offers
  const named = (offers: { method: string }[]) => offers.filter(({ method }) => method === 'oidc')
  assert.deepEqual(named(await offersOf()), [])
  await connect(app, upstream)
  await connect(app, upstream, { slug: 'second', position: 1 })
  await connect(app, upstream, { slug: 'hidden', state: 'link-only' })
  assert.deepEqual(named(await offersOf()), [
    { method: 'oidc', connection: 'second', label: '위쪽' },
    { method: 'oidc', connection: 'up', label: '위쪽' },
  ])
  const { body } = await signInUpstream(app, upstream)
  const step = await app.post('/v1/attempts', { json: { purpose: 'step-up' }, token: body.access_token })
  assert.deepEqual(named(step.body.offers), [{ method: 'oidc', connection: 'up', label: 'Upstream' }])
})

test('a step-up asks the provider to authenticate anew, and refuses an old authentication', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const { body } = await signInUpstream(app, upstream)
  const stepUp = async (authTime: number | undefined) => {
    const { body: attempt } = await app.post('/v1/attempts', {
      json: { purpose: 'step-up' },
      token: body.access_token,
    })
    const begun = await app.post(`/v1/attempts/${attempt.id}/oidc`, { json: { connection: 'up' } })
    upstream.quirks = { idToken: { auth_time: authTime } }
    return app.post(`/v1/attempts/${attempt.id}/oidc/answer`, {
      json: await upstream.answer(begun.body.challenge.redirect_url),
    })
  }
  const now = Math.floor(Date.now() / 1000)
  for (const old of [now - 3600, undefined]) {
    const refused = await stepUp(old)
    assert.deepEqual(
      [refused.status, refused.body.code],
      [400, 'answer_refused'],
      JSON.stringify(refused.body),
    )
  }
  assert.equal(upstream.seen.authorization?.get('prompt'), 'login')
  assert.equal((await stepUp(now)).status, 200)
})

test('what the provider proved counts only if the connection maps it', async (t) => {
  const [app, upstream] = [
    await server(t),
    await startUpstream(t, { idToken: { amr: ['pwd', 'mfa', 'made-up'] } }),
  ]
  await connect(app, upstream)
  await connect(app, upstream, { slug: 'mapped', assurance: 'map' })
  const plain = decodeJwt((await signInUpstream(app, upstream)).body.access_token)
  assert.deepEqual([plain.amr, plain.acr], [['fed'], 'aal1'])
  const mapped = decodeJwt((await signInUpstream(app, upstream, { slug: 'mapped' })).body.access_token)
  assert.deepEqual([mapped.sub, mapped.amr, mapped.acr], [plain.sub, ['pwd', 'mfa'], 'aal2'])
})

test('new accounts are made only if the connection and the server allow it', async (t) => {
  const upstream = await startUpstream(t)
  for (const [settings, newAccounts, code] of [
    [{}, 'never', 'sign_up_closed'],
    [{}, 'invite', 'invitation_required'],
    [{ SUMUN_SIGNUP: 'closed' }, 'create', 'sign_up_closed'],
    [{ SUMUN_SIGNUP: 'invite' }, 'create', 'invitation_required'],
  ] as const) {
    const app = await server(t, { settings })
    await connect(app, upstream, { newAccounts })
    const refused = await signInUpstream(app, upstream)
    assert.deepEqual([refused.status, refused.body.code], [403, code])
  }
})

test('an identity is linked, signs in, and is the last way in that stays', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream, { state: 'link-only' })
  const owner = await app.user()
  const token = owner.accessToken
  const link = async (as: string) => {
    const begun = await app.post('/v1/me/credentials/oidc', { token: as, json: { connection: 'up' } })
    assert.equal(begun.status, 200, JSON.stringify(begun.body))
    const answer = await upstream.answer(begun.body.challenge.redirect_url)
    return app.post('/v1/me/credentials/oidc/answer', { token: as, json: answer })
  }
  const linked = await link(token)
  assert.equal(linked.status, 201, JSON.stringify(linked.body))
  assert.equal((await link(token)).body.code, 'conflict')
  const other = await app.user()
  assert.equal((await link(other.accessToken)).body.code, 'conflict')
  assert.equal((await signInUpstream(app, upstream)).status, 404)
  const { engine } = app.running
  const connection = await engine.store.connections.findBySlug('up')
  assert.ok(connection)
  assert.ok(await engine.store.connections.update({ ...connection, state: 'enabled' }))
  const { body } = await signInUpstream(app, upstream)
  assert.equal(decodeJwt(body.access_token).sub, owner.accountId)
  const gone = await app.call('DELETE', `/v1/me/credentials/${linked.body.credential.id}`, { token })
  assert.equal(gone.status, 204)
  upstream.user = { sub: 'only way', name: 'Lee' }
  const only = await signInUpstream(app, upstream)
  const { body: held } = await app.get('/v1/me/credentials', { token: only.body.access_token })
  const kept = await app.call('DELETE', `/v1/me/credentials/${held.credentials[0].id}`, {
    token: only.body.access_token,
  })
  assert.deepEqual([kept.status, kept.body.code], [409, 'last_way_in'])
})

test('an application names the connection, and its user goes straight there and back', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const config = await discover(app, await application(app))
  const asked = await request(config, { connection: 'up', prompt: 'login' })
  const browser = openPageBrowser(app.url)
  const sent = await browser.open(asked.url)
  assert.match(sent.url, /\/signin\/with\/up\?interaction=/)
  const page = await browser.submit(sent, {})
  assert.equal(upstream.seen.authorization, undefined)
  const end = await comeBack(app, browser, upstream, { page })
  // The application wants a new authentication, and so does this server then.
  const seen = upstream.seen.authorization as URLSearchParams | undefined
  assert.equal(seen?.get('prompt'), 'login')
  const tokens = await exchange(config, asked, end.url)
  assert.deepEqual(tokens.claims()?.email, 'kim@example.com')

  const unknown = await request(config, { connection: 'none' })
  assert.match((await openPageBrowser(app.url).open(unknown.url)).url, /\/signin\?interaction=/)
})

test('a user who links at the sign-in continues to the application', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream)
  const owner = await app.user({ email: 'kim@example.com' })
  const config = await discover(app, await application(app))
  const asked = await request(config, { connection: 'up' })
  const browser = openPageBrowser(app.url)
  let page = await browser.submit(await browser.open(asked.url), {})
  page = await comeBack(app, browser, upstream, { page })
  page = await browser.submit(page, { username: 'kim@example.com' })
  page = await browser.submit(page, { password: owner.password })
  page = await browser.submit(page, {}, '/account/link')
  const tokens = await exchange(config, asked, page.url)
  assert.equal(tokens.claims()?.sub, owner.accountId)
})

for (const engine of engines)
  test(`${engine.name}: an identity whose connection is disabled is no way in that is left`, {
    skip: engine.skip,
  }, async (t) => {
    const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
    await connect(app, upstream)
    const owner = await app.user()
    const token = owner.accessToken
    const begun = await app.post('/v1/me/credentials/oidc', { token, json: { connection: 'up' } })
    const answer = await upstream.answer(begun.body.challenge.redirect_url)
    assert.equal((await app.post('/v1/me/credentials/oidc/answer', { token, json: answer })).status, 201)
    const { body } = await app.get('/v1/me/credentials', { token })
    const password = body.credentials.find(({ method }: { method: string }) => method === 'password')
    const remove = () => app.call('DELETE', `/v1/me/credentials/${password.id}`, { token })
    const { store } = app.running.engine
    const change = async (state: 'enabled' | 'disabled') => {
      const connection = await store.connections.findBySlug('up')
      assert.ok(connection && (await store.connections.update({ ...connection, state })))
    }
    await change('disabled')
    assert.equal((await remove()).body.code, 'last_way_in')
    await change('enabled')
    assert.equal((await remove()).status, 204)
  })

test('a browser is offered first what it last signed in by, and otherwise by position', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  for (const [slug, position] of [
    ['b', 2],
    ['a', 2],
    ['up', 3],
  ] as const)
    await connect(app, upstream, { slug, position })
  await connect(app, upstream, {
    slug: 'first',
    position: 1,
    preset: 'oauth2',
    settings: oauth2Settings(upstream.issuer),
  })
  const browser = openPageBrowser(app.url)
  const slugs = async () => {
    const { text } = await browser.open(`${app.url}/signin?another=yes`)
    return [...text.matchAll(/action="\/signin\/with\/([a-z]+)"/g)].map(([, slug]) => slug)
  }
  assert.deepEqual(await slugs(), ['first', 'a', 'b', 'up'])
  const page = await browser.submit(await browser.open(`${app.url}/signin`), {}, '/signin/with/up')
  await comeBack(app, browser, upstream, { page })
  assert.deepEqual(await slugs(), ['up', 'first', 'a', 'b'])
  assert.match(
    (await browser.open(`${app.url}/signin?another=yes`)).text,
    /Upstream<span class="mark">Used last/,
  )
})

for (const engine of engines)
  test(`${engine.name}: an invitation opens the sign-up by a provider, once`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'invite' } })
    const upstream = await startUpstream(t)
    await connect(app, upstream)
    const ticket = await issueTicket(app.running.engine, {
      ...{ purpose: 'invitation', subject: null, lifetimeSeconds: 600, actor: 'test', replaces: false },
    })
    const path = `/signup?invitation=${ticket.reveal()}`
    const opened = async () => {
      const browser = openPageBrowser(app.url)
      return { browser, page: await browser.open(app.url + path) }
    }
    const signUp = async (sub: string, { browser, page }: Awaited<ReturnType<typeof opened>>) => {
      upstream.user = { sub, name: sub }
      const action = /action="(\/signin\/with\/up[^"]*)"/.exec(page.text)?.[1] ?? ''
      return comeBack(app, browser, upstream, {
        page: await browser.submit(page, {}, action.replaceAll('&amp;', '&')),
      })
    }
    const [first, second] = [await opened(), await opened()]
    assert.match((await signUp('first', first)).url, /\/account$/)
    assert.match((await signUp('second', second)).text, /no new accounts are made this way/)
    const late = await opened()
    assert.deepEqual([late.page.status, /signin\/with/.test(late.page.text)], [410, false])
    assert.doesNotMatch((await app.get('/signup')).body, /signin\/with/)
  })
