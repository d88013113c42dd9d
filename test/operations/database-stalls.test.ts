import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import * as client from 'openid-client'
import { postgres } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

/** A proxy before the database that can pause traffic and release it later, like a paused machine. */
async function proxy(t: TestContext, target: URL) {
  const held: (() => void)[] = []
  let isHolding = false
  const pairs: Socket[] = []
  const between = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    pairs.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.on('data', (data) => (isHolding ? held.push(() => far.write(data)) : far.write(data)))
    // The client disconnects; the database notices after what was sent before.
    near.on('close', () => (isHolding ? held.push(() => far.end()) : far.end()))
    far.on('data', (data) => near.write(data))
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of pairs) socket.destroy()
    between.close()
  })
  const url = new URL(target)
  url.port = String((between.address() as AddressInfo).port)
  return {
    url: url.href,
    hold: () => (isHolding = true),
    async letGo() {
      isHolding = false
      for (const send of held.splice(0)) send()
      await wait(500) // for the database to do what it was told
    },
  }
}

test('postgres: a request that got 503 from a hung database can be repeated', {
  skip: postgres.skip,
  timeout: 90_000,
}, async (t) => {
  const environment = await postgres.prepare(t)
  const between = await proxy(t, new URL(environment.SUMUN_DATABASE_URL as string))
  const app = await server(t, { environment: { ...environment, SUMUN_DATABASE_URL: between.url } })
  const user = await app.user()
  const config = await discover(app, await application(app))
  const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
  const asked = await request(config)
  const page = await signInBy(openPageBrowser(app.url), asked.url, user)

  between.hold()
  const refresh = () => app.post('/refresh', { json: { refresh_token: user.refreshToken } })
  const ofApplication = () => client.refreshTokenGrant(config, tokens.refresh_token as string)
  const redeem = () => exchange(config, asked, page.url)
  const [first, second, third] = await Promise.all([
    refresh(),
    ofApplication().catch(String),
    redeem().catch(String),
  ])
  assert.equal(first.status, 503, JSON.stringify(first.body))
  assert.deepEqual([typeof second, typeof third], ['string', 'string'])
  await between.letGo()
  app.clock.advance(61_000) // past the grace: nothing but the state of the database can help

  const again = await refresh()
  assert.equal(again.status, 200, JSON.stringify(again.body))
  assert.equal((await app.get('/protected', { token: again.body.access_token })).status, 200)
  assert.ok((await ofApplication()).access_token)
})
