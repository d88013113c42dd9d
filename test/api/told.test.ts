import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messagesTo, messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { enrolMethod, enrolTotp } from '../support/users.ts'

// Changes of an account notify its addresses, also from a known place.
const folderOf = (app: TestServer) => app.environment.SUMUN_DATA as string
const told = (app: TestServer, address: string, subject: RegExp) =>
  messageTo(folderOf(app), address, (mail) => subject.test(mail.subject))

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a used recovery code notifies the owner, from a known place too`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      await enrolTotp(app, user.accessToken)
      let codes: string[] = []
      await enrolMethod(app, user.accessToken, 'recovery-code', (challenge) => {
        codes = challenge.codes
        return {}
      })
      const signedIn = await app.post('/login', {
        json: { username: user.email, password: user.password, code: codes[0] },
      })
      assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body))
      await told(app, user.email, /recovery code was used/)
    },
  )

  test(
    `${engine.name}: deleting an account notifies every address, unverified ones too`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      for (const user of [await verifiedUser(app), await app.user()]) {
        assert.equal((await app.call('DELETE', '/v1/me', { token: user.accessToken })).status, 204)
        await told(app, user.email, /account was deleted/)
      }
    },
  )

  test(
    `${engine.name}: a changed password notifies an unverified address, within its rate limit`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      let [token, password] = [user.accessToken, user.password]
      for (let i = 0; i < 24; i++) {
        const next = `seven herons over weir ${i} and back`
        const changed = await app.post('/v1/me/credentials/password/answer', {
          json: { password: next, current_password: password },
          token,
        })
        assert.equal(changed.status, 201, JSON.stringify(changed.body))
        ;[token, password] = [changed.body.access_token, next]
      }
      await told(app, user.email, /was changed/)
      const mails = (await messagesTo(folderOf(app), user.email)).filter(({ subject }) =>
        /was changed/.test(subject),
      )
      assert.ok(mails.length <= 18, `${mails.length} mails to an unverified address`)
    },
  )
}
