import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { messagesTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { asOperator } from '../support/operator.ts'
import { connect, signInUpstream, startUpstream } from '../support/upstream.ts'
import { enrolTotp } from '../support/users.ts'

// A connection that owns a mail domain: an operator's rule, and the only way in which an address joins.
for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an identity with an address of an owned domain joins its account`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      const domains = ['corp.example.com']
      await connect(app, upstream, { domains, emailTrust: 'never' })
      const owner = await verifiedUser(app, { email: 'kim@corp.example.com' })
      upstream.user = { sub: 'kim-1', email: 'Kim@CORP.example.com', name: 'Kim' }
      const joined = await signInUpstream(app, upstream)
      assert.equal(joined.status, 200, JSON.stringify(joined.body))
      assert.equal(decodeJwt(joined.body.access_token).sub, owner.accountId)
      const { body } = await app.get('/v1/me/credentials', { token: owner.accessToken })
      assert.deepEqual(
        body.credentials.map(({ method }: { method: string }) => method),
        ['password', 'oidc'],
      )
      // From then on by issuer and subject: the address may change there.
      upstream.user.email = 'minji@corp.example.com'
      assert.equal(decodeJwt((await signInUpstream(app, upstream)).body.access_token).sub, owner.accountId)
      const folder = app.environment.SUMUN_DATA as string
      const told = async () => (await messagesTo(folder, owner.email)).map(({ text }) => text).join()
      for (let tries = 0; tries < 100 && !/added/.test(await told()); tries++)
        await new Promise((resolve) => setTimeout(resolve, 50))
      assert.match(await told(), /added/)
    },
  )

  test(
    `${engine.name}: what an account held without its address is dropped when its owner joins`,
    options,
    async (t) => {
      const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
      await connect(app, upstream, { domains: ['corp.example.com'] })
      const squatter = await app.user({ email: 'kim@corp.example.com', name: 'Squatter' })
      upstream.user = { sub: 'kim-1', email: 'kim@corp.example.com', name: 'Kim' }
      const joined = await signInUpstream(app, upstream)
      assert.equal(joined.status, 200, JSON.stringify(joined.body))
      assert.equal((await app.get('/v1/me', { token: squatter.accessToken })).status, 401)
      const again = await app.post('/login', {
        json: { username: squatter.email, password: squatter.password },
      })
      assert.equal(again.status, 400)
      const { body } = await app.get('/v1/me', { token: joined.body.access_token })
      assert.deepEqual([body.email, body.email_verified], ['kim@corp.example.com', true])
    },
  )

  test(`${engine.name}: of sign-ins at once, the identity joins once`, options, async (t) => {
    const [app, upstream] = [await server(t, { engine }), await startUpstream(t)]
    await connect(app, upstream, { domains: ['corp.example.com'] })
    const owner = await verifiedUser(app, { email: 'kim@corp.example.com' })
    upstream.user = { sub: 'kim-1', email: 'kim@corp.example.com' }
    const replies = await Promise.all(Array.from({ length: 5 }, () => signInUpstream(app, upstream)))
    for (const { status, body } of replies) assert.ok([200, 409].includes(status), JSON.stringify(body))
    const { body } = await app.get('/v1/me/credentials', { token: owner.accessToken })
    assert.equal(body.credentials.length, 2)
  })
}

test('nothing joins by another domain, a denied flag, a look-alike, or a provider for everyone', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  const domains = ['corp.example.com', '회사.example']
  await connect(app, upstream, { domains, emailTrust: 'never' })
  // Anyone may have an account there: an address needs the flag, whatever the domain.
  await connect(app, upstream, { slug: 'everyone', preset: 'google', emailTrust: 'rule', domains })
  const owner = await verifiedUser(app, { email: 'kim@corp.example.com' })
  const cases: [string, string, Record<string, unknown>][] = [
    ['another domain', 'up', { email: 'kim@example.com' }],
    ['a domain below', 'up', { email: 'kim@sub.corp.example.com' }],
    ['a domain around', 'up', { email: 'kim@evilcorp.example.com' }],
    ['two addresses', 'up', { email: 'evil@example.net,kim@corp.example.com' }],
    ['a denied flag', 'up', { email: 'kim@corp.example.com', email_verified: false }],
    ['a denied flag as text', 'up', { email: 'kim@corp.example.com', email_verified: 'false' }],
    ['no Workspace domain', 'everyone', { email: 'kim@corp.example.com', email_verified: true }],
  ]
  for (const [what, slug, claims] of cases) {
    upstream.user = { sub: what, ...claims }
    const { body } = await signInUpstream(app, upstream, { slug })
    if (body.access_token !== undefined)
      assert.notEqual(decodeJwt(body.access_token).sub, owner.accountId, what)
  }
  const { body } = await app.get('/v1/me/credentials', { token: owner.accessToken })
  assert.equal(body.credentials.length, 1)
  upstream.user = { sub: 'hd', email: 'kim@corp.example.com', email_verified: true, hd: 'corp.example.com' }
  const joined = await signInUpstream(app, upstream, { slug: 'everyone' })
  assert.equal(decodeJwt(joined.body.access_token).sub, owner.accountId)
})

test('an account with a second factor of a squatter is not joined, and a disabled one stays closed', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  await connect(app, upstream, { domains: ['corp.example.com'] })
  const squatter = await app.user({ email: 'kim@corp.example.com' })
  await enrolTotp(app, squatter.accessToken)
  upstream.user = { sub: 'kim-1', email: 'kim@corp.example.com' }
  const refused = await signInUpstream(app, upstream)
  assert.deepEqual([refused.status, refused.body.code], [409, 'account_exists'])

  const disabled = await verifiedUser(app, { email: 'lee@corp.example.com' })
  const token = await asOperator(app)
  const path = `/v1/admin/accounts/${disabled.accountId}`
  assert.equal((await app.call('PATCH', path, { token, json: { state: 'disabled' } })).status, 200)
  upstream.user = { sub: 'lee-1', email: 'lee@corp.example.com' }
  const closed = await signInUpstream(app, upstream)
  assert.equal(closed.body.code, 'account_disabled')
})

test('domains are mail domains, in the form that addresses have', async (t) => {
  const app = await server(t)
  const token = await asOperator(app)
  const add = (slug: string, domains: unknown) =>
    app.post('/v1/admin/connections', {
      token,
      json: { preset: 'okta', slug, client_id: 'x', settings: { issuer: 'https://corp.okta.com' }, domains },
    })
  const made = await add('okta', ['Corp.Example.com', '회사.한국', 'corp.example.com'])
  assert.deepEqual(made.body.domains, ['corp.example.com', 'xn--vf4b131b.xn--3e0b707e'])
  for (const domains of [['com'], ['*.example.com'], ['kim@example.com'], ['a b.example'], ['..'], [1], 'x'])
    assert.ok([400, 422].includes((await add('bad', domains)).status), JSON.stringify(domains))
})
