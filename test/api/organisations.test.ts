import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recheckDomains } from '../../src/engine/organisations/domains.ts'
import { dnsServer } from '../support/dns-server.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messagesTo, messageTo } from '../support/messages.ts'
import { confirmAddress } from '../support/method-drivers.ts'
import { asOperator } from '../support/operator.ts'

const admin = '/v1/admin/organisations'
const day = 86_400_000

async function organisation(app: TestServer, token: string, slug = 'hangang') {
  const { status, body } = await app.post(admin, { token, json: { slug, name: '한강전기' } })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** An account that is an admin of the organisation. */
async function orgAdmin(app: TestServer, token: string, id: string, roles = ['admin']) {
  const user = await app.user()
  const { status } = await app.post(`${admin}/${id}/members`, {
    token,
    json: { account_id: user.accountId, roles },
  })
  assert.equal(status, 201)
  return user
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an organisation is created, changed by revision, disabled and removed`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await asOperator(app)
      const made = await organisation(app, token)
      assert.match(made.id, /^org_/)
      const path = `${admin}/${made.id}`
      assert.equal(
        (await app.post(admin, { token, json: { slug: 'hangang', name: 'Other' } })).body.code,
        'conflict',
      )
      for (const json of [
        { slug: 'Hangang', name: 'x' },
        { slug: 'x', name: '' },
        { slug: 'x', name: '   ' },
        { slug: 'x', name: 'see //evil.example' },
        { slug: 'x', name: 'y', policy: { acr: 'aal9' } },
        { slug: 'x', name: 'y', policy: { methods: ['no-such-method'] } },
        { slug: 'x', name: 'y', policy: { sign_up: 'open' } },
      ])
        assert.equal(
          (await app.post(admin, { token, json })).body.code,
          'invalid_fields',
          JSON.stringify(json),
        )
      const change = (json: unknown, revision = '*') =>
        app.call('PATCH', path, { token, json, headers: { 'if-match': revision } })
      const changed = await change(
        { name: '한강 전기', policy: { acr: 'aal2', session_hours_max: 8 } },
        '"1"',
      )
      assert.deepEqual(
        [changed.status, changed.body.name, changed.body.policy, changed.headers.get('etag')],
        [200, '한강 전기', { acr: 'aal2', session_hours_max: 8 }, '"2"'],
      )
      assert.equal((await change({ name: 'z' }, '"1"')).status, 412)
      assert.equal((await change({ state: 'disabled' })).body.state, 'disabled')
      const { body: list } = await app.get(`${admin}?slug=hangang`, { token })
      assert.deepEqual(
        list.organisations.map(({ id }: { id: string }) => id),
        [made.id],
      )
      assert.equal((await app.call('DELETE', path, { token })).status, 204)
      assert.equal((await app.get(path, { token })).status, 404)
    },
  )

  test(
    `${engine.name}: a domain is verified by its TXT record, lost a week after that is gone, and told of`,
    options,
    async (t) => {
      const dns = await dnsServer(t)
      const app = await server(t, { engine, settings: { SUMUN_DNS_SERVERS: dns.address } })
      const token = await asOperator(app)
      const { id } = await organisation(app, token)
      const kim = await orgAdmin(app, token, id)
      await confirmAddress(app, kim)
      const path = `${admin}/${id}/domains`
      const claimed = await app.post(path, { token, json: { domain: 'Corp.Example' } })
      assert.equal(claimed.status, 201, JSON.stringify(claimed.body))
      const { record } = claimed.body
      assert.equal(record.name, '_sumun-challenge.corp.example')
      assert.equal((await app.post(path, { token, json: { domain: 'corp.example' } })).status, 409)
      for (const domain of ['corp', 'a b.example', 'kim@corp.example', '-', 'corp..example', '127.0.0.1/x'])
        assert.equal((await app.post(path, { token, json: { domain } })).status, 400, domain)
      const verify = () => app.post(`${path}/corp.example/verify`, { token, json: {} })
      const early = await verify()
      assert.deepEqual(
        [early.status, early.body.code, early.body.record.value],
        [409, 'domain_not_proved', record.value],
      )
      dns.records.set(record.name, ['v=spf1 -all', 'sumun-domain-verification=another'])
      assert.equal((await verify()).body.code, 'domain_not_proved')
      dns.records.set(record.name, ['v=spf1 -all', record.value])
      assert.equal((await verify()).body.verified, true)
      // Tokens expire on the way: the rows say it.
      const state = async () => {
        const [found] = await app.running.engine.store.organisationDomains.list(id)
        assert.ok(found)
        return { verified: found.verifiedAt !== null, missing_since: found.missingSince }
      }
      // Name servers that fail say nothing about the record.
      dns.fails = true
      app.clock.advance(30 * day)
      await recheckDomains(app.running.engine)
      assert.deepEqual([(await state()).verified, (await state()).missing_since], [true, null])
      dns.fails = false
      dns.records.clear()
      app.clock.advance(2 * day)
      await recheckDomains(app.running.engine)
      assert.equal((await state()).verified, true)
      assert.notEqual((await state()).missing_since, null)
      dns.records.set(record.name, [record.value])
      app.clock.advance(2 * day)
      await recheckDomains(app.running.engine)
      assert.equal((await state()).missing_since, null)
      dns.records.clear()
      for (let days = 0; days < 9; days++) {
        app.clock.advance(day + 1)
        await recheckDomains(app.running.engine)
      }
      assert.equal((await state()).verified, false)
      const told = await messageTo(app.environment.SUMUN_DATA as string, kim.email, ({ subject }) =>
        subject.includes('corp.example'),
      )
      assert.match(told.text, /TXT/)
      assert.equal(told.link?.pathname, `/account/organisations/${id}`)
    },
  )

  test(
    `${engine.name}: of two organisations that claim a domain, the one whose record is there has it`,
    options,
    async (t) => {
      const dns = await dnsServer(t)
      const app = await server(t, { engine, settings: { SUMUN_DNS_SERVERS: dns.address } })
      const token = await asOperator(app)
      const [first, second] = [await organisation(app, token), await organisation(app, token, 'other')]
      const claim = async (id: string) => {
        const { body } = await app.post(`${admin}/${id}/domains`, { token, json: { domain: 'corp.example' } })
        return body.record as { name: string; value: string }
      }
      const verify = (id: string) =>
        app.post(`${admin}/${id}/domains/Corp.EXAMPLE/verify`, { token, json: {} })
      const [of1, of2] = [await claim(first.id), await claim(second.id)]
      dns.records.set(of1.name, [of1.value])
      assert.equal((await verify(first.id)).status, 200)
      assert.equal((await verify(second.id)).body.code, 'domain_not_proved')
      dns.records.set(of1.name, [of1.value, of2.value])
      assert.equal((await verify(second.id)).body.code, 'conflict')
      dns.records.set(of1.name, [of2.value])
      const both = await Promise.all([verify(second.id), verify(second.id)])
      assert.ok(both.some(({ status }) => status === 200))
      const isVerified = async (id: string) =>
        (await app.get(`${admin}/${id}/domains`, { token })).body.domains[0].verified
      assert.deepEqual([await isVerified(first.id), await isVerified(second.id)], [false, true])
      // Claimed anew, the token is another: what an earlier owner of the domain put there proves nothing.
      const path = `${admin}/${second.id}/domains`
      assert.equal((await app.call('DELETE', `${path}/corp.example`, { token })).status, 204)
      assert.notEqual((await claim(second.id)).value, of2.value)
      assert.equal((await verify(second.id)).body.code, 'domain_not_proved')
    },
  )

  test(
    `${engine.name}: members are invited by mail, get roles, and leave; one admin stays`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'open' } })
      const operator = await asOperator(app)
      const { id } = await organisation(app, operator)
      const kim = await orgAdmin(app, operator, id)
      const token = kim.accessToken
      const path = `/v1/organisations/${id}`
      const data = app.environment.SUMUN_DATA as string
      const lee = await app.user()
      const invite = (json: unknown) => app.post(`${path}/invitations`, { token, json })
      const sent = await invite({ email: lee.email, roles: ['billing'], locale: 'ko' })
      assert.equal(sent.status, 201, JSON.stringify(sent.body))
      const mail = await messageTo(data, lee.email, ({ subject }) => subject.includes('한강전기'))
      const linkIn = (link: URL | undefined) => link?.searchParams.get('token') ?? ''
      const accept = (who: { accessToken: string }, token: string) =>
        app.post('/v1/me/organisations', { token: who.accessToken, json: { token } })
      assert.equal((await accept(lee, linkIn(mail.link))).body.code, 'invitation_of_another')
      await confirmAddress(app, lee)
      const park = await app.user()
      await confirmAddress(app, park)
      assert.equal((await accept(park, linkIn(mail.link))).body.code, 'invitation_of_another')

      const again = await app.post(`${path}/invitations/${sent.body.id}/resend`, { token, json: {} })
      assert.equal(again.status, 200, JSON.stringify(again.body))
      assert.equal((await accept(lee, linkIn(mail.link))).body.code, 'challenge_not_open')
      const isInvitation = ({ link }: { link: URL | undefined }) => link?.pathname === '/join'
      while ((await messagesTo(data, lee.email)).filter(isInvitation).length < 2)
        await new Promise((resolve) => setTimeout(resolve, 20))
      const second = linkIn((await messagesTo(data, lee.email)).findLast(isInvitation)?.link)
      const both = await Promise.all([accept(lee, second), accept(lee, second)])
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 400])
      assert.deepEqual((await app.get(`${path}/invitations`, { token })).body.invitations, [])
      const { body: mine } = await app.get('/v1/me/organisations', { token: lee.accessToken })
      assert.deepEqual(
        mine.organisations.map(({ slug, roles }: Record<string, unknown>) => [slug, roles]),
        [['hangang', ['billing']]],
      )

      const withdrawn = await invite({ email: park.email })
      const parkMail = await messageTo(data, park.email, isInvitation)
      assert.equal(
        (await app.call('DELETE', `${path}/invitations/${withdrawn.body.id}`, { token })).status,
        204,
      )
      assert.equal((await accept(park, linkIn(parkMail.link))).body.code, 'challenge_not_open')
      const late = await invite({ email: park.email })
      assert.equal(late.status, 201, JSON.stringify(late.body))

      const member = (who: { accountId: string }) => `${path}/members/${who.accountId}`
      const { body: members } = await app.get(`${path}/members?limit=1`, { token })
      assert.deepEqual([members.members.length, typeof members.next], [1, 'string'])
      assert.equal(
        (await app.call('PATCH', member(kim), { token, json: { roles: [] } })).body.code,
        'last_admin',
      )
      assert.equal((await app.call('DELETE', member(kim), { token })).body.code, 'last_admin')
      const wrong = await app.call('PATCH', member(lee), { token, json: { roles: ['Big Boss'] } })
      assert.equal(wrong.body.code, 'invalid_fields')
      const promoted = await app.call('PATCH', member(lee), {
        token,
        json: { roles: ['admin', 'admin', 'a'] },
      })
      assert.deepEqual(promoted.body.roles, ['a', 'admin'])
      // Both leave at once: one of them stays.
      const left = await Promise.all([
        app.post(`${path}/leave`, { token, json: {} }),
        app.post(`${path}/leave`, { token: lee.accessToken, json: {} }),
      ])
      assert.deepEqual(left.map(({ status }) => status).sort(), [204, 409])
    },
  )

  test(
    `${engine.name}: an organisation is invisible to others, and its admins change only their own`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const operator = await asOperator(app)
      const [own, other] = [await organisation(app, operator), await organisation(app, operator, 'other')]
      const kim = await orgAdmin(app, operator, own.id)
      const choi = await orgAdmin(app, operator, other.id)
      const lee = await orgAdmin(app, operator, own.id, [])
      const theirs = await app.post(`/v1/organisations/${other.id}/invitations`, {
        token: choi.accessToken,
        json: { email: 'someone@corp.example' },
      })
      await app.post(`/v1/organisations/${other.id}/domains`, {
        token: choi.accessToken,
        json: { domain: 'corp.example' },
      })
      const google = { preset: 'google', slug: 'theirs', client_id: 'abc', client_secret: 'shhh' }
      const connection = await app.post(`/v1/organisations/${other.id}/connections`, {
        token: choi.accessToken,
        json: google,
      })
      assert.equal(connection.status, 201, JSON.stringify(connection.body))
      // Every call of the document, with the ids of the other organisation in every place.
      const { body: openapi } = await app.get('/openapi.json')
      const calls = Object.entries<Record<string, { requestBody?: unknown }>>(openapi.paths).flatMap(
        ([path, methods]) =>
          path.startsWith('/v1/organisations/')
            ? Object.keys(methods).map((method) => ({ path, method }))
            : [],
      )
      assert.ok(calls.length >= 14, String(calls.length))
      const bodies: Record<string, unknown> = {
        'patch /v1/organisations/{id}': { name: 'Taken' },
        'post /v1/organisations/{id}/domains': { domain: 'evil.example' },
        'patch /v1/organisations/{id}/members/{account}': { roles: ['admin'] },
        'post /v1/organisations/{id}/invitations': { email: 'evil@corp.example', roles: ['admin'] },
        'post /v1/organisations/{id}/connections': google,
        'patch /v1/organisations/{id}/connections/{connection}': { client_id: 'evil' },
      }
      const ask = (user: { accessToken: string }, id: string, { path, method }: (typeof calls)[number]) => {
        const url = path
          .replace('{id}', id)
          .replace('{account}', choi.accountId)
          .replace('{invitation}', theirs.body.id)
          .replace('{domain}', 'corp.example')
          .replace('{connection}', connection.body.id)
        const json = bodies[`${method} ${path}`] ?? (method === 'post' ? {} : undefined)
        return app.call(method.toUpperCase(), url, {
          token: user.accessToken,
          ...(json !== undefined && { json }),
        })
      }
      const stranger = await app.user()
      for (const call of calls) {
        const name = `${call.method} ${call.path}`
        for (const user of [kim, stranger])
          assert.deepEqual(
            [(await ask(user, other.id, call)).status, (await ask(user, other.id, call)).body.code],
            [404, 'not_found'],
            name,
          )
        // Their own organisation, and what belongs to the other.
        if (/account|invitation\}|domain\}|connection\}/.test(call.path))
          assert.equal((await ask(kim, own.id, call)).status, 404, name)
        // A member without the role.
        const mayDo = name === 'get /v1/organisations/{id}' || /\/(leave|session)$/.test(name)
        if (!mayDo) assert.equal((await ask(lee, own.id, call)).body.code, 'admin_role_required', name)
      }
      const { body: untouched } = await app.get(`${admin}/${other.id}`, { token: operator })
      assert.deepEqual([untouched.name, untouched.revision], ['한강전기', 1])
      const { body: left } = await app.get(`${admin}/${other.id}/members`, { token: operator })
      assert.equal(left.members.length, 1)
      // The operator's routes are not for them.
      assert.equal((await app.get(`${admin}/${own.id}`, { token: kim.accessToken })).status, 403)
    },
  )

  test(
    `${engine.name}: a removed admin changes nothing more, and a disabled organisation is gone for members`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const operator = await asOperator(app)
      const { id } = await organisation(app, operator)
      const kim = await orgAdmin(app, operator, id)
      const path = `/v1/organisations/${id}`
      const rename = (name: string) => app.call('PATCH', path, { token: kim.accessToken, json: { name } })
      assert.equal((await rename('Before')).status, 200)
      // While the admin's calls are on their way, an operator takes the role.
      const [taken, ...renames] = await Promise.all([
        app.call('PATCH', `${admin}/${id}/members/${kim.accountId}`, {
          token: operator,
          json: { roles: [] },
        }),
        ...Array.from({ length: 5 }, (_, index) => rename(`During ${index}`)),
      ])
      assert.equal(taken.status, 200)
      assert.ok(renames.every(({ status }) => [200, 403, 404, 409].includes(status)))
      assert.equal((await rename('After')).body.code, 'admin_role_required')
      await app.call('PATCH', `${admin}/${id}`, { token: operator, json: { state: 'disabled' } })
      assert.equal((await app.get(path, { token: kim.accessToken })).status, 404)
      const { body } = await app.get('/v1/me/organisations', { token: kim.accessToken })
      assert.deepEqual(body.organisations, [])
    },
  )
}
