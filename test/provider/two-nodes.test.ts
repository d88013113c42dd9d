import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/given.ts'
import { application, callback, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  const options = { skip: engine.skip }

  test(`${engine.name}: two nodes are one provider: one successor, one use of a code, one end`, options, async (t) => {
    const one = await server(t, { engine })
    const two = await server(t, { environment: one.environment, settings: { SUMUN_ISSUER: one.url }, clock: one.clock })
    const user = await one.user()
    const registered = await application(one)
    const config = await discover(one, registered)
    const authorization = `Basic ${Buffer.from(`${registered.id}:${registered.secret}`).toString('base64')}`
    const nodes = [one, two]
    const token = (index: number, form: Record<string, string>) =>
      (nodes[index % 2] as typeof one).post('/oauth/token', { form, headers: { authorization } })

    const { tokens } = await signIn(config, { browser: openPageBrowser(one.url), user })
    const refreshing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token as string }
    const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => token(index, refreshing)))
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]))
    assert.equal(new Set(replies.map(({ body }) => body.refresh_token)).size, 1)

    const asked = await request(config)
    const code = new URL((await signInBy(openPageBrowser(one.url), asked.url, user)).url).searchParams.get('code') as string
    const redeeming = { grant_type: 'authorization_code', code, code_verifier: asked.verifier, redirect_uri: callback }
    const redeemed = await Promise.all(Array.from({ length: 10 }, (_, index) => token(index, redeeming)))
    assert.ok(redeemed.filter(({ status }) => status === 200).length <= 1)

    const again = await request(config)
    const page = await signInBy(openPageBrowser(one.url), again.url, user)
    const { access_token: access } = await exchange(config, again, page.url)
    assert.equal((await two.get('/protected', { token: access })).status, 200)
    await client.tokenRevocation(config, access)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    assert.equal((await two.get('/protected', { token: access })).status, 401)
    const status = JSON.parse(Buffer.from(access.split('.')[1] as string, 'base64url').toString()).status.status_list
    const lists = await Promise.all(nodes.map(({ get }) => get(new URL(status.uri).pathname)))
    assert.equal(lists[0]?.headers.get('etag'), lists[1]?.headers.get('etag'), 'both say the same')
  })
}
