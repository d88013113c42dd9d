import assert from 'node:assert/strict'
import type { AccountRole } from '../../src/domain/account.ts'
import { addAccount } from '../../src/engine/accounts/add-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { goodPassword } from './client.ts'
import type { TestServer } from './fixture.ts'
import { enrolTotp } from './users.ts'

/** An operator who has just proved two factors. Returns a token with the scope `admin`. */
export const asOperator = (app: TestServer): Promise<string> =>
  asRole(app, { role: 'operator', scope: 'admin', username: 'root-of-all' })

/** The same for any role. */
export async function asRole(
  app: TestServer,
  { role, scope, username = role }: { role: AccountRole; scope: string; username?: string },
): Promise<string> {
  const { engine } = app.running
  await addAccount(engine, {
    ...({ identifiers: { username }, name: null, locale: 'en', kind: 'person', role } as const),
    credential: { method: 'password', answer: { password: goodPassword } },
    requester: systemRequester(engine),
    actor: 'test',
  })
  const signIn = { username, password: goodPassword }
  const first = (await app.post('/login', { json: signIn })).body.access_token
  const phone = await enrolTotp(app, first)
  app.clock.advance(60_000)
  const done = await app.post('/login', {
    json: { ...signIn, scope: `account ${scope}`, code: phone.codeAt(app.clock.now()) },
  })
  assert.equal(done.body.scope, `account ${scope}`)
  return done.body.access_token
}
