import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import type { Reply } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

/** Revocations are read four times a second; a node that has not read one within two seconds has failed. */
async function untilStatus(wanted: number, ask: () => Promise<Reply>): Promise<void> {
  let { status } = await ask()
  for (let tries = 0; status !== wanted && tries < 40; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    status = (await ask()).status
  }
  assert.equal(status, wanted)
}

for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  const options = { skip: engine.skip }

  test(`${engine.name}: two nodes act as one provider: refresh, code and logout`, options, async (t) => {
    const one = await server(t, { engine })
    const two = await server(t, {
      environment: one.environment,
      settings: { SUMUN_ISSUER: one.url },
      clock: one.clock,
    })
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
    const code = new URL((await signInBy(openPageBrowser(one.url), asked.url, user)).url).searchParams.get(
      'code',
    ) as string
    const redeeming = {
      grant_type: 'authorization_code',
      code,
      code_verifier: asked.verifier,
      redirect_uri: callback,
    }
    const redeemed = await Promise.all(Array.from({ length: 10 }, (_, index) => token(index, redeeming)))
    const [won, lost] = [
      redeemed.filter(({ status }) => status === 200),
      redeemed.filter(({ status }) => status !== 200),
    ]
    assert.ok(won.length <= 1, `${won.length} redeemed one code`)
    assert.deepEqual(
      new Set(lost.map(({ status, body }) => `${status} ${body.error}`)),
      new Set(['400 invalid_grant']),
    )
    // A replayed code takes back what it gave (RFC 6749 §4.1.2), at both nodes.
    for (const { body } of won)
      for (const node of nodes)
        await untilStatus(401, () => node.get('/protected', { token: body.access_token }))
    assert.equal((await token(0, redeeming)).body.error, 'invalid_grant')

    const again = await request(config)
    const page = await signInBy(openPageBrowser(one.url), again.url, user)
    const { access_token: access } = await exchange(config, again, page.url)
    assert.equal((await two.get('/protected', { token: access })).status, 200)
    await client.tokenRevocation(config, access)
    await untilStatus(401, () => two.get('/protected', { token: access }))
    const status = JSON.parse(Buffer.from(access.split('.')[1] as string, 'base64url').toString()).status
      .status_list
    const lists = await Promise.all(nodes.map(({ get }) => get(new URL(status.uri).pathname)))
    assert.equal(lists[0]?.headers.get('etag'), lists[1]?.headers.get('etag'), 'both say the same')
  })
}
