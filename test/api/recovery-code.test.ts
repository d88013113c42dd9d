import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { enrolMethod, enrolTotp } from '../support/users.ts'

async function enrolCodes(app: TestServer, token: string): Promise<string[]> {
  let codes: string[] = []
  await enrolMethod(app, token, 'recovery-code', (challenge) => {
    codes = challenge.codes
    return {}
  })
  return codes
}

for (const engine of engines) {
  test(`${engine.name}: ten recovery codes substitute a lost app, each once, with a warning when few are left`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    await enrolTotp(app, user.accessToken)
    const codes = await enrolCodes(app, user.accessToken)
    assert.equal(new Set(codes).size, 10)
    const login = (code: string) =>
      app.post('/login', { json: { username: user.email, password: user.password, code } })
    const replies = await Promise.all(Array.from({ length: 20 }, () => login(codes[0] as string)))
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    assert.equal(decodeJwt(replies.find(({ status }) => status === 200)?.body.access_token).acr, 'aal2')
    app.clock.advance(3_600_000)
    assert.equal((await login(codes[0] as string)).status, 400)
    app.clock.advance(3_600_000)
    // Written down in capitals, without dashes, with an O for a zero.
    assert.equal(
      (await login((codes[1] as string).toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O'))).status,
      200,
    )
    for (const code of codes.slice(2, 7)) assert.equal((await login(code)).status, 200)
    const { body } = await app.post('/v1/attempts', { json: { purpose: 'sign-in', login_hint: user.email } })
    const last = await app.post(`/v1/attempts/${body.id}/recovery-code/answer`, { json: { code: codes[7] } })
    assert.deepEqual([last.body.status, last.body.notes.remaining], ['more', 2])
    assert.match(last.body.notes.warning, /2 recovery codes/)
  })

  test(`${engine.name}: a new set invalidates the old one`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    await enrolTotp(app, user.accessToken)
    const [old] = await enrolCodes(app, user.accessToken)
    const begun = await app.post('/v1/me/credentials/recovery-code', { json: {}, token: user.accessToken })
    const login = (code: string | undefined) =>
      app.post('/login', { json: { username: user.email, password: user.password, code } })
    assert.equal((await login(old)).status, 200, 'until the new set is confirmed, the old one is good')
    const codes = await enrolCodes(app, user.accessToken)
    assert.notDeepEqual(begun.body.challenge.codes, codes)
    assert.equal((await login(old)).status, 400)
    assert.equal((await login(codes[3])).status, 200)
    const { body } = await app.get('/v1/me/credentials', { token: user.accessToken })
    const sets = body.credentials.filter(({ method }: { method: string }) => method === 'recovery-code')
    assert.deepEqual(
      sets.map(({ details }: { details: object }) => details),
      [{ remaining: 9 }],
    )
  })
}

test('recovery codes are stored hashed', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const codes = await enrolCodes(app, user.accessToken)
  const kept = JSON.stringify(
    await app.running.engine.store.credentials.listByAccount(user.accountId as never),
  )
  for (const code of codes)
    for (const form of [code, code.replaceAll('-', '')]) assert.ok(!kept.includes(form))
})

test('codes are confirmed with an empty body, or with none', async (t) => {
  const app = await server(t)
  for (const call of [{}, { json: {} }, { json: { confirm: true } }]) {
    const { accessToken: token } = await app.user()
    await app.post('/v1/me/credentials/recovery-code', { token })
    assert.equal((await app.post('/v1/me/credentials/recovery-code/answer', { ...call, token })).status, 201)
  }
})
