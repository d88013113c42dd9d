import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import type { MethodDefinition } from '../../src/domain/method.ts'
import { methods } from '../../src/methods/index.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { answerMethod, beginAttempt, enrolMethod } from '../support/users.ts'
import { toy } from './toy/index.ts'

// A method is a folder and a line: with both, it is in the routes, the documents, the settings, the offers
// and the policy.
const withToy = [...methods, toy as unknown as MethodDefinition]

for (const engine of engines) {
  test(`${engine.name}: an external method signs in, is enrolled, is listed and is documented`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, methods: withToy, settings: { SUMUN_TOY_LOUD: '1' } })
    const user = await app.user()
    await enrolMethod(app, user.accessToken, 'toy', () => ({ word: 'xyzzy' }))
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
    assert.ok(attempt.offers.includes('toy'))
    assert.equal((await answerMethod(app, attempt.id, 'toy', { word: 'plugh' })).body.code, 'answer_refused')
    assert.equal((await answerMethod(app, attempt.id, 'toy', {})).body.code, 'invalid_fields')
    const done = await answerMethod(app, attempt.id, 'toy', { word: 'xyzzy' })
    assert.deepEqual(decodeJwt(done.body.access_token).amr, ['kba'])
    const { paths } = (await app.get('/openapi.json')).body
    for (const path of [
      '/v1/attempts/{id}/toy',
      '/v1/attempts/{id}/toy/answer',
      '/v1/me/credentials/toy/answer',
    ])
      assert.ok(paths[path], path)
    const { credentials } = (await app.get('/v1/me/credentials', { token: user.accessToken })).body
    assert.deepEqual(
      credentials.map(({ method }: { method: string }) => method),
      ['password', 'toy'],
    )
  })
}
