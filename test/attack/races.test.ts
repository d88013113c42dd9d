import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  deleteAccount,
  replaceCredential,
  setAccountState,
} from '../../src/engine/accounts/manage-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'

// A concurrent sign-in leaves no valid session when its account is disabled, reset or deleted.
const slowEnough = { memoryKibibytes: 8192, passes: 2, parallelism: 1 }

/** Until passwords are being looked at, so that the change falls into the middle of it. */
async function untilHashing(app: TestServer): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const [, running] = /^sumun_hash_queue_running (\d+)$/m.exec((await app.get('/metrics')).body) ?? []
    if (Number(running) > 0) return
  }
  assert.fail('no password was looked at')
}

for (const engine of engines) {
  for (const [what, change] of [
    ['disabled', (app, id) => setAccountState(app, { id, state: 'disabled', actor: 'cli' })],
    ['deleted', (app, id) => deleteAccount(app, { id, actor: 'cli', requester: systemRequester(app) })],
    [
      'given a new password',
      async (app, id) => {
        const account = await app.store.accounts.find(id)
        assert.ok(account)
        await replaceCredential(app, {
          account,
          method: 'password',
          answer: { password: 'another lantern, another pier' },
          requester: systemRequester(app),
          actor: 'cli',
          ending: 'password_reset',
        })
      },
    ],
  ] as [
    string,
    (app: Awaited<ReturnType<typeof server>>['running']['engine'], id: `acc_${string}`) => Promise<unknown>,
  ][]) {
    test(`${engine.name}: concurrent sign-ins while the account is ${what} leave no valid session`, {
      skip: engine.skip,
    }, async (t) => {
      const app = await server(t, { engine, passwordCost: slowEnough })
      const { email, password, accountId } = await app.user()
      const pending = Array.from({ length: 24 }, () =>
        app.post('/login', { json: { username: email, password } }),
      )
      await untilHashing(app)
      await change(app.running.engine, accountId as `acc_${string}`)
      const replies = await Promise.all(pending)
      for (const { status, body } of replies) {
        assert.ok([200, 400, 403, 429].includes(status), `${status} ${JSON.stringify(body)}`)
        if (status !== 200) continue
        assert.equal((await app.get('/protected', { token: body.access_token })).status, 401)
        assert.equal(
          (await app.post('/refresh', { json: { refresh_token: body.refresh_token } })).status,
          401,
        )
      }
    })
  }
}
