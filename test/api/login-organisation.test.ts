import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { join, organisation } from '../support/organisations.ts'

for (const engine of engines)
  test(`${engine.name}: POST /login signs in to one organisation, and asks for what it asks for`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const [own, strict] = [
      await organisation(app),
      await organisation(app, { slug: 'strict', name: 'Strict', policy: { acr: 'aal2' } }),
    ]
    const login = (organization: string, password = user.password) =>
      app.post('/login', { json: { username: user.email, password, organization } })
    const sessions = async () =>
      (await app.get('/v1/me/sessions', { token: user.accessToken })).body.sessions.length
    const before = await sessions()
    // To a stranger, none of them is different.
    for (const named of ['hangang', 'nowhere', '☃'])
      assert.deepEqual(
        [named, (await login(named, 'wrong password')).body.code],
        [named, 'incorrect_credentials'],
      )
    for (const named of ['hangang', 'nowhere']) {
      const { status, body } = await login(named)
      assert.deepEqual([status, body.detail], [404, 'The account is in no organisation of that name'], named)
    }
    assert.equal(await sessions(), before)
    await join(app, own, { accountId: user.accountId, roles: ['billing'] })
    await join(app, strict, { accountId: user.accountId })
    for (const named of ['hangang', own.id]) {
      const { status, body } = await login(named)
      assert.equal(status, 200, JSON.stringify(body))
      const { org_id, org_roles } = decodeJwt(body.access_token)
      assert.deepEqual([org_id, org_roles], [own.id, ['billing']])
    }
    const more = await login('strict')
    assert.equal(more.body.code, 'more_evidence_required', JSON.stringify(more.body))
    const plain = await app.post('/login', { json: { username: user.email, password: user.password } })
    assert.equal(decodeJwt(plain.body.access_token).org_id, undefined)
  })
