import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { server } from '../support/fixture.ts'
import { connect, signInUpstream, startUpstream } from '../support/upstream.ts'

/** A token endpoint that sends a byte a second, or nothing at all. */
async function slowEndpoint(t: TestContext, drips: boolean): Promise<string> {
  const slow = createServer((_request, response) => {
    if (!drips) return
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 1000)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    slow.closeAllConnections()
    slow.close()
  })
  return `http://localhost:${(slow.address() as AddressInfo).port}/token`
}

for (const [what, drips] of [
  ['does not answer', false],
  ['sends a byte a second', true],
] as const)
  test(`a provider that ${what} is given up after ten seconds, and holds up no one else`, {
    timeout: 180_000,
  }, async (t) => {
    const [app, upstream] = [await server(t), await startUpstream(t)]
    upstream.quirks = { discovery: { token_endpoint: await slowEndpoint(t, drips) } }
    await connect(app, upstream)
    const startedAt = performance.now()
    let isOver = false
    const waiting = Promise.all(
      Array.from({ length: 20 }, () => signInUpstream(app, upstream).finally(() => (isOver = true))),
    )
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const user = await app.user()
    assert.equal((await app.get('/v1/me', { token: user.accessToken })).status, 200)
    assert.ok(!isOver, 'others are served while all twenty wait')
    for (const { status, body } of await waiting)
      assert.deepEqual([status, body.notes], [400, { upstream: 'unavailable' }], JSON.stringify(body))
    assert.ok(performance.now() - startedAt < 40_000)
  })
