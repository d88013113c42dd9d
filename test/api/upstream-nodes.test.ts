import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addConnection, findConnection, updateConnection } from '../../src/engine/connections/connections.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { connect, signInUpstream, startUpstream } from '../support/upstream.ts'

const offersUp = async (app: TestServer): Promise<boolean> =>
  (await app.get('/signin')).body.includes('action="/signin/with/up"')

async function withinASecond(what: () => Promise<boolean>): Promise<void> {
  const giveUp = performance.now() + 1000
  while (!(await what())) {
    assert.ok(performance.now() < giveUp, 'not within a second')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

for (const engine of engines)
  test(`${engine.name}: a connection is there, changed and gone on another node within a second`, {
    skip: engine.skip,
  }, async (t) => {
    const [one, upstream] = [await server(t, { engine }), await startUpstream(t)]
    const other = await server(t, { environment: one.environment, settings: { SUMUN_ISSUER: one.url } })
    assert.equal(await offersUp(other), false)
    await connect(one, upstream)
    await withinASecond(() => offersUp(other))
    assert.equal((await signInUpstream(other, upstream)).status, 200)
    const { engine: first } = one.running
    const connection = await first.store.connections.findBySlug('up')
    assert.ok(connection)
    const change = async (state: 'enabled' | 'disabled') => {
      const found = await findConnection(first, { id: connection.id })
      await updateConnection(first, { connection: found, revision: null, change: { state }, actor: 'test' })
    }
    await change('disabled')
    assert.equal((await signInUpstream(other, upstream)).status, 404, 'at once where it is used')
    await withinASecond(async () => !(await offersUp(other)))
    upstream.secret = 'rotated'
    const found = await findConnection(first, { id: connection.id })
    const rotated = { secret: 'rotated', state: 'enabled' } as const
    await updateConnection(first, { connection: found, revision: null, change: rotated, actor: 'test' })
    assert.equal((await signInUpstream(other, upstream)).status, 200)
  })

test('of very many connections the first are shown, and each can be named', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  for (let index = 0; index < 300; index++)
    await addConnection(app.running.engine, {
      ...{ preset: 'google', slug: `c${index}`, clientId: 'x', secret: 'x', actor: 'test' },
      position: 2,
    })
  await connect(app, upstream, { position: 9000 })
  const page = (await app.get('/signin')).body as string
  assert.equal(page.match(/\/signin\/with\//g)?.length, 8)
  assert.ok(Buffer.byteLength(page) <= 20_000, `${Buffer.byteLength(page)} bytes`)
  assert.ok(!page.includes('/signin/with/up"'))
  const { status, body } = await signInUpstream(app, upstream)
  assert.equal(status, 200)
  const step = await app.post('/v1/attempts', { json: { purpose: 'step-up' }, token: body.access_token })
  assert.deepEqual(
    step.body.offers.filter(({ method }: { method: string }) => method === 'oidc'),
    [{ method: 'oidc', connection: 'up', label: 'Upstream' }],
  )
})
