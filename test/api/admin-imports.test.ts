import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { bcrypt, importedPassword } from '../support/import.ts'
import { asOperator } from '../support/operator.ts'
import { organisation } from '../support/organisations.ts'

// An operator sends a file over HTTP; requests are answered meanwhile.
const file = (count: number) =>
  `email,email_verified,username,password_hash,groups\n${Array.from({ length: count }, (_, n) => `u${n}@example.com,true,user${n},${bcrypt},staff`).join('\n')}\n`

for (const engine of engines)
  test(`${engine.name}: a file is rehearsed, imported beside requests, and shown`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const token = await asOperator(app)
    await organisation(app, { slug: 'acme' })
    const send = (path: string, raw: string | Uint8Array, type = 'application/octet-stream') =>
      app.post(`/v1/admin/imports${path}`, { token, raw, headers: { 'content-type': type } })
    const rows = 600
    const content = `${file(rows)}broken@,true,x,,\n`
    const rehearsed = await send('/rehearsal?file=users.csv', content)
    assert.equal(rehearsed.status, 200, JSON.stringify(rehearsed.body))
    assert.deepEqual(
      [rehearsed.body.source, rehearsed.body.new, rehearsed.body.skipped],
      ['simple', rows + 1, 0],
    )
    assert.ok(rehearsed.body.lines.length > 0)
    assert.equal((await app.get('/v1/admin/imports', { token })).body.imports.length, 0)

    const begun = await send('?file=users.csv&organisation=acme', content)
    assert.equal(begun.status, 201, JSON.stringify(begun.body))
    assert.equal((await send('', 'email\nother@example.com\n')).body.code, 'conflict')
    assert.equal((await app.get('/healthz')).status, 200)
    const jobPath = `/v1/admin/imports/${begun.body.id}`
    const job = async () => (await app.get(jobPath, { token })).body
    const deadline = performance.now() + 60_000
    while ((await job()).state === 'running') {
      assert.ok(performance.now() < deadline)
      await wait(50)
    }
    const done = await job()
    assert.deepEqual([done.state, done.rows, done.new, done.file], ['done', rows + 1, rows + 1, 'users.csv'])
    assert.equal((await app.get('/v1/admin/imports', { token })).body.imports[0].id, begun.body.id)
    const signedIn = await app.post('/login', { json: { username: 'user7', password: importedPassword } })
    assert.equal(signedIn.status, 200)
    // The lock is released when the job ends, a moment after its state says so.
    await wait(200)

    for (const [path, raw, type, code] of [
      ['', content, 'text/csv', 'unsupported_media_type'],
      ['', '{}', 'application/json', 'unsupported_media_type'],
      ['', '', 'application/octet-stream', 'invalid_fields'],
      ['', 'colour\nred\n', 'application/octet-stream', 'invalid_fields'],
      ['', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'application/octet-stream', 'invalid_fields'],
      ['?from=nothing', content, 'application/octet-stream', 'invalid_fields'],
      ['?encoding=nothing', content, 'application/octet-stream', 'invalid_fields'],
      ['?organisation=nobody', content, 'application/octet-stream', 'not_found'],
      ['?more=1', content, 'application/octet-stream', 'invalid_fields'],
      ['/rehearsal', '[{"email":', 'application/octet-stream', 'invalid_fields'],
    ] as const) {
      const refused = await send(path, raw as string, type)
      assert.equal(refused.body.code, code, `${path} ${type} ${JSON.stringify(refused.body)}`)
    }
    const { accessToken } = await app.user()
    const stranger = await app.post('/v1/admin/imports', {
      ...{ token: accessToken, raw: content, headers: { 'content-type': 'application/octet-stream' } },
    })
    assert.equal(stranger.status, 403)
    assert.equal((await app.get('/v1/admin/imports/imp_00000000000000000000000000', { token })).status, 404)
  })
