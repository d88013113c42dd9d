import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signIn } from '../support/oidc.ts'
import { asOperator } from '../support/operator.ts'
import { join, organisation } from '../support/organisations.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { enrolTotp } from '../support/users.ts'

const scope = 'openid email organization'
const claimsOf = (tokens: { access_token: string; id_token?: string | undefined }) => {
  const [access, id] = [decodeJwt(tokens.access_token), decodeJwt(tokens.id_token ?? '')]
  return {
    access: { org_id: access.org_id, org_roles: access.org_roles },
    id: { org_id: id.org_id, org_roles: id.org_roles },
  }
}
const both = (org_id: string | undefined, org_roles: string[] | undefined) => ({
  access: { org_id, org_roles },
  id: { org_id, org_roles },
})

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: tokens name the organisation and the roles, where the scope is asked for`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [user, own] = [await app.user(), await organisation(app)]
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const without = await signIn(config, { browser, user, parameters: { scope } })
      assert.deepEqual(claimsOf(without.tokens), both(undefined, undefined))
      await join(app, own, { accountId: user.accountId, roles: ['billing', 'admin'] })
      const plain = await signIn(config, { browser, user })
      assert.deepEqual(claimsOf(plain.tokens), both(undefined, undefined))
      const { tokens } = await signIn(config, { browser, user, parameters: { scope } })
      assert.deepEqual(claimsOf(tokens), both(own.id, ['admin', 'billing']))
      const about = await client.fetchUserInfo(config, tokens.access_token, user.accountId)
      assert.deepEqual([about.org_id, about.org_roles], [own.id, ['admin', 'billing']])
      const introspected = await client.tokenIntrospection(config, tokens.access_token)
      assert.deepEqual([introspected.org_id, introspected.org_roles], [own.id, ['admin', 'billing']])
      const again = await client.refreshTokenGrant(config, tokens.refresh_token as string)
      assert.deepEqual(claimsOf(again).access, { org_id: own.id, org_roles: ['admin', 'billing'] })
    },
  )

  test(
    `${engine.name}: one of several organisations is chosen by parameter, by page, or as before`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const [first, second] = [
        await organisation(app),
        await organisation(app, { slug: 'namsan', name: 'Namsan' }),
      ]
      const other = await organisation(app, { slug: 'other', name: 'Other' })
      for (const one of [first, second]) await join(app, one, { accountId: user.accountId })
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const named = await signIn(config, { browser, user, parameters: { scope, organization: 'namsan' } })
      assert.equal(claimsOf(named.tokens).access.org_id, second.id)
      const byId = await signIn(config, { browser, user, parameters: { scope, organization: first.id } })
      assert.equal(claimsOf(byId.tokens).access.org_id, first.id)
      // The tokens of the other organisation are as they were.
      const refreshed = await client.refreshTokenGrant(config, named.tokens.refresh_token as string)
      assert.equal(claimsOf(refreshed).access.org_id, second.id)
      // A silent renewal stays with the last one.
      const silent = await request(config, { scope, prompt: 'none' })
      const renewed = await exchange(config, silent, (await browser.open(silent.url)).url)
      assert.equal(claimsOf(renewed).access.org_id, first.id)
      for (const organization of [other.id, 'other', 'org_01arz3ndektsv4rrffq69g5fav', "' OR 1=1 --"]) {
        const refused = await browser.open((await request(config, { scope, organization })).url)
        assert.match(refused.url, /error=access_denied/, organization)
        assert.match(refused.url, /not\+in\+this\+organization|not%20in%20this%20organization/)
      }
      // Another application, another browser: the page asks.
      const paper = await discover(app, await application(app, { client_name: 'Paper Boats' }))
      const asked = await request(paper, { scope })
      const page = await browser.open(asked.url)
      assert.match(page.text, /Which organisation/)
      assert.ok(
        page.text.includes('한강전기') && page.text.includes('Namsan') && !page.text.includes('Other'),
      )
      const nowhere = await request(paper, { scope, prompt: 'none' })
      assert.match((await browser.open(nowhere.url)).url, /error=interaction_required/)
      const chosen = await browser.submit(page, { organisation: second.id })
      assert.ok(chosen.url.startsWith(callback), chosen.url)
      assert.equal(claimsOf(await exchange(paper, asked, chosen.url)).access.org_id, second.id)
      // A choice that the page did not offer.
      const third = await discover(app, await application(app))
      const forged = await request(third, { scope })
      const form = await browser.open(forged.url)
      const tried = await browser.submit(form, { organisation: other.id })
      assert.match(tried.text, /Which organisation/)
    },
  )

  test(`${engine.name}: whoever leaves, or gets other roles, loses the tokens`, options, async (t) => {
    const app = await server(t, { engine })
    const operator = await asOperator(app)
    const [user, own] = [await app.user(), await organisation(app)]
    await join(app, own, { accountId: user.accountId, roles: ['billing'] })
    const config = await discover(app, await application(app))
    const browser = openPageBrowser(app.url)
    const member = `/v1/admin/organisations/${own.id}/members/${user.accountId}`
    const isDead = async (tokens: client.TokenEndpointResponse) => {
      await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string), {
        error: 'invalid_grant',
      })
      assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false)
    }
    const before = await signIn(config, { browser, user, parameters: { scope } })
    const apart = await signIn(config, { browser, user })
    const changed = await app.call('PATCH', member, { token: operator, json: { roles: ['viewer'] } })
    assert.equal(changed.status, 200)
    await isDead(before.tokens)
    const anew = await signIn(config, { browser, user, parameters: { scope } })
    assert.deepEqual(claimsOf(anew.tokens).access, { org_id: own.id, org_roles: ['viewer'] })
    assert.equal((await app.call('DELETE', member, { token: operator })).status, 204)
    await isDead(anew.tokens)
    const left = await signIn(config, { browser, user, parameters: { scope } })
    assert.deepEqual(claimsOf(left.tokens), both(undefined, undefined))
    // What was not for the organisation goes on.
    assert.ok((await client.refreshTokenGrant(config, apart.tokens.refresh_token as string)).access_token)
  })

  test(
    `${engine.name}: an organisation asks for more than the server, and for a newer sign-in`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const strict = await organisation(app, { policy: { acr: 'aal2', sessionHoursMax: 2 } })
      await join(app, strict, { accountId: user.accountId })
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      assert.ok((await signIn(config, { browser, user })).tokens.access_token)
      const phone = await enrolTotp(app, user.accessToken)
      app.clock.advance(60_000)
      const asked = await request(config, { scope })
      const page = await browser.open(asked.url)
      assert.match(page.text, /Six-digit code/)
      const done = await browser.submit(page, { code: phone.codeAt(app.clock.now()) })
      const tokens = await exchange(config, asked, done.url)
      assert.equal(decodeJwt(tokens.access_token).acr, 'aal2')
      assert.equal(decodeJwt(tokens.access_token).org_id, strict.id)
      // The grant ends with the sign-in's age, although the session of the browser goes on.
      app.clock.advance(2 * 3_600_000 + 1000)
      await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string))
      const late = await request(config, { scope })
      const again = await browser.open(late.url)
      assert.ok(!again.url.startsWith(callback), again.url)
      const own = await request(config)
      assert.ok((await browser.open(own.url)).url.startsWith(callback))
    },
  )

  test(`${engine.name}: a session enters an organisation by the API`, options, async (t) => {
    const app = await server(t, { engine })
    const operator = await asOperator(app)
    const user = await app.user()
    const own = await organisation(app)
    const path = `/v1/organisations/${own.id}/session`
    const enter = () => app.post(path, { token: user.accessToken, json: {} })
    assert.equal((await enter()).status, 404)
    await join(app, own, { accountId: user.accountId, roles: ['billing'] })
    const { status, body } = await enter()
    assert.equal(status, 200, JSON.stringify(body))
    const claims = decodeJwt(body.access_token)
    assert.deepEqual([claims.org_id, claims.org_roles, claims.scope], [own.id, ['billing'], 'account'])
    const refreshed = await app.post('/refresh', { json: { refresh_token: body.refresh_token } })
    assert.equal(decodeJwt(refreshed.body.access_token).org_id, own.id)
    const admin = `/v1/admin/organisations/${own.id}`
    await app.call('PATCH', admin, { token: operator, json: { policy: { acr: 'aal2' } } })
    const stale = await app.post('/refresh', { json: { refresh_token: refreshed.body.refresh_token } })
    assert.equal(stale.status, 401)
    const weak = await enter()
    assert.deepEqual([weak.body.code, weak.body.acr_values], ['insufficient_user_authentication', 'aal2'])
    await app.call('PATCH', admin, { token: operator, json: { policy: {} } })
    const next = await enter()
    assert.equal(next.status, 200)
    await app.call('PATCH', admin, { token: operator, json: { state: 'disabled' } })
    assert.equal(
      (await app.post('/refresh', { json: { refresh_token: next.body.refresh_token } })).status,
      401,
    )
    assert.equal((await app.get('/v1/me', { token: next.body.access_token })).status, 401)
    assert.equal((await app.get('/v1/me', { token: user.accessToken })).status, 200)
  })
}
