import assert from 'node:assert/strict'
import { addAccount } from '../../src/engine/accounts/add-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { goodPassword } from './client.ts'
import type { TestServer } from './fixture.ts'
import { enrolTotp } from './users.ts'

/** An operator who has just proved two factors. Returns a token with the scope `admin`. */
export async function asOperator(app: TestServer): Promise<string> {
  const { engine } = app.running
  await addAccount(engine, {
    ...({ identifiers: { username: 'root-of-all' }, name: null, locale: 'en' } as const),
    ...({ kind: 'person', role: 'operator' } as const),
    credential: { method: 'password', answer: { password: goodPassword } },
    requester: systemRequester(engine),
    actor: 'test',
  })
  const signIn = { username: 'root-of-all', password: goodPassword }
  const first = (await app.post('/login', { json: signIn })).body.access_token
  const phone = await enrolTotp(app, first)
  app.clock.advance(60_000)
  const done = await app.post('/login', {
    json: { ...signIn, scope: 'account admin', code: phone.codeAt(app.clock.now()) },
  })
  assert.match(done.body.scope, /admin/)
  return done.body.access_token
}
