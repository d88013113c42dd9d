import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, discover, request } from '../support/oidc.ts'
import { asOperator } from '../support/operator.ts'
import { join, organisation, verifiedDomain } from '../support/organisations.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { comeBack, connect, signInUpstream, startUpstream } from '../support/upstream.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod } from '../support/users.ts'

const mine = async (app: TestServer, token: string) =>
  (await app.get('/v1/me/organisations', { token })).body.organisations.map(
    ({ slug, roles }: { slug: string; roles: string[] }) => [slug, roles],
  )
const connectionsIn = (offers: { connection?: string }[]) =>
  offers.flatMap(({ connection }) => connection ?? [])

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an address leads to the provider of its organisation, and to no other`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const [own, other] = [await organisation(app), await organisation(app, { slug: 'other' })]
      await verifiedDomain(app, own)
      await connect(app, upstream, { organisationId: own.id })
      await connect(app, upstream, { slug: 'theirs', organisationId: other.id })
      await connect(app, upstream, { slug: 'public' })
      const offered = async (login_hint?: string) => {
        const { body } = await beginAttempt(app, { purpose: 'sign-in', ...(login_hint && { login_hint }) })
        return connectionsIn(body.offers)
      }
      assert.deepEqual(await offered(), ['public'])
      assert.deepEqual(await offered('kim@elsewhere.example'), ['public'])
      // The same for those who have an account, and those who have none.
      await verifiedUser(app, { email: 'kim@corp.example' })
      assert.deepEqual(await offered('kim@corp.example'), ['up', 'public'])
      assert.deepEqual(await offered('nobody@corp.example'), ['up', 'public'])
      assert.deepEqual(await offered('nobody@sub.corp.example'), ['public'])
      const operator = await asOperator(app)
      const path = `/v1/admin/organisations/${own.id}`
      await app.call('PATCH', path, { token: operator, json: { state: 'disabled' } })
      assert.deepEqual(await offered('kim@corp.example'), ['public'])
      assert.equal((await signInUpstream(app, upstream)).status, 404)
    },
  )

  test(
    `${engine.name}: whoever comes by it is a member, with the roles of their groups`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'closed' } })
      const upstream = await startUpstream(t)
      const own = await organisation(app)
      await verifiedDomain(app, own)
      const roles = { '부서-개발': 'developer', admins: 'admin' }
      await connect(app, upstream, { organisationId: own.id, emailTrust: 'never', settings: { roles } })
      upstream.user = {
        sub: 'kim',
        email: 'Kim@Corp.Example',
        name: 'Kim',
        groups: ['부서-개발', 'constructor'],
      }
      const first = await signInUpstream(app, upstream)
      assert.equal(first.status, 200, JSON.stringify(first.body))
      const token = first.body.access_token
      assert.deepEqual(await mine(app, token), [['hangang', ['developer']]])
      const { body: me } = await app.get('/v1/me', { token })
      assert.deepEqual([me.email, me.email_verified], ['kim@corp.example', true])
      const entered = await app.post(`/v1/organisations/${own.id}/session`, { token, json: {} })
      assert.deepEqual(decodeJwt(entered.body.access_token).org_roles, ['developer'])
      // Promoted there: the roles follow at the next sign-in, and tokens with the former ones end.
      upstream.user.groups = ['admins', 7, 'x'.repeat(300)]
      const second = await signInUpstream(app, upstream)
      assert.deepEqual(await mine(app, second.body.access_token), [['hangang', ['admin']]])
      const stale = await app.post('/refresh', { json: { refresh_token: entered.body.refresh_token } })
      assert.equal(stale.status, 401)
      delete upstream.user.groups
      const third = await signInUpstream(app, upstream)
      assert.deepEqual(await mine(app, third.body.access_token), [['hangang', []]])
      // An address of another domain is not the organisation's to vouch for.
      upstream.user = { sub: 'lee', email: 'lee@elsewhere.example', email_verified: true }
      assert.equal((await signInUpstream(app, upstream)).body.code, 'sign_up_closed')
    },
  )

  test(
    `${engine.name}: an organisation asserts no other's domain, and reaches no other's accounts`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const [own, other] = [await organisation(app), await organisation(app, { slug: 'other' })]
      await verifiedDomain(app, own)
      await verifiedDomain(app, other, 'other.example')
      await connect(app, upstream, { slug: 'up', organisationId: own.id })
      const victim = await verifiedUser(app, { email: 'park@other.example' })
      const bystander = await verifiedUser(app, { email: 'choi@elsewhere.example' })
      for (const { email } of [victim, bystander]) {
        upstream.user = { sub: `as ${email}`, email, email_verified: true }
        const { body } = await signInUpstream(app, upstream)
        assert.equal(body.code, 'sign_up_closed', JSON.stringify(body))
      }
      // The same issuer and subject, by the connection of another organisation: another identity.
      upstream.user = { sub: 'shared', email: 'kim@corp.example' }
      const kim = await signInUpstream(app, upstream)
      assert.equal(kim.status, 200, JSON.stringify(kim.body))
      await connect(app, upstream, { slug: 'theirs', organisationId: other.id })
      upstream.user = { sub: 'shared', email: 'evil@other.example' }
      const evil = await signInUpstream(app, upstream, { slug: 'theirs' })
      assert.equal(evil.status, 200, JSON.stringify(evil.body))
      const subject = ({ body }: { body: { access_token: string } }) => decodeJwt(body.access_token).sub
      assert.notEqual(subject(evil), subject(kim))
      // Nor by one for everyone.
      await connect(app, upstream, { slug: 'public' })
      const stranger = await signInUpstream(app, upstream, { slug: 'public' })
      assert.notEqual(stranger.body.access_token && subject(stranger), subject(kim))
      // An operator's account is not joined by an organisation's word.
      const { engine: running } = app.running
      const boss = await verifiedUser(app, { email: 'boss@corp.example' })
      await running.store.accounts.setRole({
        ...{ id: boss.accountId as 'acc_x', role: 'operator', now: app.clock.now() },
      })
      upstream.user = { sub: 'boss', email: 'boss@corp.example' }
      assert.equal((await signInUpstream(app, upstream)).body.code, 'account_exists')
    },
  )

  test(
    `${engine.name}: where only the directory counts, a password is not enough, and recovery neither`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const operator = await asOperator(app)
      const own = await organisation(app)
      await verifiedDomain(app, own)
      await connect(app, upstream, { organisationId: own.id })
      const kim = await verifiedUser(app, { email: 'kim@corp.example' })
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const login = () => app.post('/login', { json: { username: kim.email, password: kim.password } })
      assert.equal((await login()).status, 200)
      const path = `/v1/admin/organisations/${own.id}`
      const enforced = await app.call('PATCH', path, {
        token: operator,
        json: { policy: { methods: ['oidc'] } },
      })
      assert.equal(enforced.status, 200, JSON.stringify(enforced.body))
      const refused = await login()
      assert.deepEqual([refused.status, refused.body.code], [403, 'more_evidence_required'])
      // Its page sends everyone of the domain there, whether they have an account or not.
      for (const username of [kim.email, 'nobody@corp.example']) {
        const browser = openPageBrowser(app.url)
        const page = await browser.submit(await browser.open(`${app.url}/signin`), { username })
        assert.match(page.text, /action="\/signin\/with\/up"/)
        const there = await browser.submit(page, {}, '/signin/with/up')
        assert.equal(new URL(there.url).searchParams.get('login_hint'), username)
        if (username !== kim.email) continue
        upstream.user = { sub: 'kim', email: kim.email }
        const back = await comeBack(app, browser, upstream, { page: there })
        assert.match((await browser.open(`${app.url}/account`)).text, /한강전기/, back.text)
      }
      // So does signing up, which would make an account that is of no use.
      const newcomer = openPageBrowser(app.url)
      const form = await newcomer.open(`${app.url}/signup`)
      const sent = await newcomer.submit(form, { email: 'new@corp.example' })
      assert.match(sent.text, /action="\/signin\/with\/up"/)
      const other = await newcomer.submit(form, { email: 'new@elsewhere.example' })
      assert.doesNotMatch(other.text, /action="\/signin\/with\/up"/)
      const by = await signInUpstream(app, upstream)
      assert.equal(decodeJwt(by.body.access_token).sub, kim.accountId)
      // Only for its own domain and members.
      const lee = await verifiedUser(app, { email: 'lee@elsewhere.example' })
      assert.equal(
        (await app.post('/login', { json: { username: lee.email, password: lee.password } })).status,
        200,
      )
    },
  )

  test(
    `${engine.name}: an admin of the organisation connects a provider; what counts is not theirs to say`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const own = await organisation(app)
      await verifiedDomain(app, own)
      const kim = await verifiedUser(app, { email: 'kim@elsewhere.example' })
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const base = `/v1/organisations/${own.id}/connections`
      const token = kim.accessToken
      const given = {
        ...{ preset: 'oidc', slug: 'corp', client_id: upstream.clientId, client_secret: upstream.secret },
        settings: {
          issuer: upstream.issuer,
          authentication: 'client_secret_post',
          roles: { dev: 'developer' },
        },
      }
      for (const extra of [{ domains: ['gmail.com'] }, { assurance: 'map' }, { organisation: own.id }])
        assert.equal(
          (await app.post(base, { token, json: { ...given, ...extra } })).status,
          400,
          JSON.stringify(extra),
        )
      const made = await app.post(base, { token, json: given })
      assert.equal(made.status, 201, JSON.stringify(made.body))
      assert.deepEqual([made.body.organisation, made.body.has_secret], [own.id, true])
      const tested = await app.post(`${base}/${made.body.id}/test`, { token, json: {} })
      assert.ok(tested.body.findings.every(({ verdict }: { verdict: string }) => verdict !== 'fault'))
      upstream.user = { sub: 'lee', email: 'lee@corp.example', groups: ['dev'], amr: ['mfa'] }
      const signed = await signInUpstream(app, upstream, { slug: 'corp' })
      assert.equal(signed.status, 200, JSON.stringify(signed.body))
      assert.equal(decodeJwt(signed.body.access_token).acr, 'aal1')
      assert.deepEqual(await mine(app, signed.body.access_token), [['hangang', ['developer']]])
      const changed = await app.call('PATCH', `${base}/${made.body.id}`, {
        token,
        json: { state: 'disabled' },
      })
      assert.equal(changed.body.state, 'disabled')
      assert.equal((await signInUpstream(app, upstream, { slug: 'corp' })).status, 404)
      await connect(app, upstream, { slug: 'public' })
      const { body } = await app.get('/v1/admin/connections', { token: await asOperator(app) })
      const publicId = body.connections.find(({ slug }: { slug: string }) => slug === 'public').id
      assert.equal((await app.call('DELETE', `${base}/${publicId}`, { token })).status, 404)
      assert.equal((await app.call('DELETE', `${base}/${made.body.id}`, { token })).status, 204)
    },
  )

  test(
    `${engine.name}: a break-glass member gets in without the directory; others do not`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const own = await organisation(app, { policy: { methods: ['oidc'] } })
      await verifiedDomain(app, own)
      await connect(app, upstream, { organisationId: own.id })
      const kim = await verifiedUser(app, { email: 'kim@corp.example' })
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const key = new SoftwareAuthenticator(app.url)
      await enrolMethod(app, kim.accessToken, 'passkey', (options) => key.register(options))
      const byPasskey = async () => {
        const { id } = await beginAttempt(app, { purpose: 'sign-in' })
        const options = await beginMethod(app, id, 'passkey')
        return answerMethod(app, id, 'passkey', key.authenticate(options))
      }
      assert.equal((await byPasskey()).status, 403)
      const operator = await asOperator(app)
      const path = `/v1/admin/organisations/${own.id}/members/${kim.accountId}`
      const marked = await app.call('PATCH', path, { token: operator, json: { break_glass: true } })
      assert.equal(marked.body.break_glass, true)
      const back = await byPasskey()
      assert.equal(back.status, 200, JSON.stringify(back.body))
      const token = back.body.access_token
      assert.equal((await app.post(`/v1/organisations/${own.id}/session`, { token, json: {} })).status, 200)
      // Not by what can be phished.
      const login = await app.post('/login', { json: { username: kim.email, password: kim.password } })
      assert.equal(login.status, 403)
    },
  )

  test(
    `${engine.name}: pages for an organisation's people have its brand, once it is known whose they are`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const own = await organisation(app)
      const token = await asOperator(app)
      const path = `/v1/admin/organisations/${own.id}`
      const accent = { light: '#0a5c36', dark: '#7fd8a4' }
      const patch = (brand: unknown) => app.call('PATCH', path, { token, json: { brand } })
      const pale = await patch({ accent: { light: '#ffee88', dark: '#7fd8a4' } })
      assert.deepEqual([pale.status, pale.body.code], [400, 'invalid_fields'])
      assert.deepEqual((await patch({ accent })).body.brand, { accent })
      const kim = await verifiedUser(app)
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const byAdmin = { token: kim.accessToken, json: { brand: null } }
      assert.equal((await app.call('PATCH', `/v1/organisations/${own.id}`, byAdmin)).status, 400)
      const page = async (username: string) => {
        const browser = openPageBrowser(app.url)
        return (await browser.submit(await browser.open(`${app.url}/signin`), { username })).text
      }
      assert.ok(!(await page('kim@corp.example')).includes(accent.light))
      await verifiedDomain(app, own)
      assert.ok((await page('nobody@corp.example')).includes(accent.light))
      assert.ok(!(await page('nobody@elsewhere.example')).includes(accent.light))
      const config = await discover(app, await application(app))
      const { url } = await request(config, { organization: 'hangang', scope: 'openid organization' })
      assert.ok((await openPageBrowser(app.url).open(url)).text.includes(accent.light))
      assert.equal((await patch(null)).body.brand, null)
      assert.ok(!(await page('nobody@corp.example')).includes(accent.light))
    },
  )
}
