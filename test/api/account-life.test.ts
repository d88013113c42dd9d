import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import type { SignedInUser } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { allSent, messagesTo, messageTo, type SentMessage } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import {
  answerMethod,
  beginAttempt,
  beginMethod,
  enrolMethod,
  enrolTotp,
  openBrowser,
} from '../support/users.ts'

const folderOf = (app: TestServer) => app.environment.SUMUN_DATA as string
const mailTo = (app: TestServer, address: string, subject: RegExp) =>
  messageTo(folderOf(app), address, (mail) => subject.test(mail.subject))
const statusOf = async (app: TestServer, token: string) => (await app.get('/protected', { token })).status

async function changeEmail(
  app: TestServer,
  { accessToken: token }: SignedInUser,
  value: string,
): Promise<SentMessage> {
  assert.equal((await app.post('/v1/me/identifiers/email', { json: { value }, token })).status, 200)
  const mail = await messageTo(folderOf(app), value)
  assert.equal(
    (await app.post('/v1/me/identifiers/email/answer', { json: { code: mail.code }, token })).status,
    204,
  )
  return mail
}

/** Answers with a mailed code. */
async function proveMail(app: TestServer, email: string, attempt: string) {
  const codes = async () =>
    (await messagesTo(folderOf(app), email)).filter(({ subject }) =>
      /sign-in code|Recover your account/.test(subject),
    )
  const seen = (await codes()).length
  await beginMethod(app, attempt, 'email-code')
  for (let tries = 0; tries < 400; tries++) {
    const all = await codes()
    if (all.length > seen) return answerMethod(app, attempt, 'email-code', { code: all.at(-1)?.code })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no code came for ${email}`)
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an address is verified by the code that went there after signing up`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { email, accessToken: token } = await app.user()
      const { code } = await messageTo(folderOf(app), email)
      assert.equal((await app.get('/v1/me', { token })).body.email_verified, false)
      for (const wrong of ['000000', '111111']) {
        const refused = await app.post('/v1/me/identifiers/email/answer', { json: { code: wrong }, token })
        assert.equal(refused.body.code, 'answer_refused')
      }
      assert.equal((await app.post('/v1/me/identifiers/email/answer', { json: { code }, token })).status, 204)
      assert.equal((await app.get('/v1/me', { token })).body.email_verified, true)
      assert.equal(
        (await app.post('/v1/me/identifiers/email/answer', { json: { code }, token })).body.code,
        'challenge_not_open',
      )
    },
  )

  test(
    `${engine.name}: a change of address notifies both addresses, and the former one can undo it for three days`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      await changeEmail(app, user, 'new@example.com')
      assert.equal((await app.get('/v1/me', { token: user.accessToken })).body.email, 'new@example.com')
      await mailTo(app, 'new@example.com', /now belongs/)
      const { link } = await mailTo(app, user.email, /was changed/)
      const path = `${link?.pathname}${link?.search}`
      for (const method of ['GET', 'HEAD', 'GET']) await app.call(method, path)
      assert.equal(
        (await app.get('/v1/me', { token: user.accessToken })).body.email,
        'new@example.com',
        'looking undoes nothing',
      )
      app.clock.advance(71 * 3_600_000)
      const form = Object.fromEntries(link?.searchParams ?? [])
      const replies = await Promise.all(Array.from({ length: 5 }, () => app.post('/undo', { form })))
      assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 410, 410, 410, 410])
      assert.equal(await statusOf(app, user.accessToken), 401, 'the session that changed it has ended')
      const back = await app.post('/login', { json: { username: user.email, password: user.password } })
      assert.equal((await app.get('/v1/me', { token: back.body.access_token })).body.email, user.email)
      assert.equal(
        (await app.post('/login', { json: { username: 'new@example.com', password: user.password } })).status,
        400,
      )
    },
  )

  test(`${engine.name}: no undo after three days, or for an unverified address`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    await changeEmail(app, user, 'late@example.com')
    const { link } = await mailTo(app, user.email, /was changed/)
    app.clock.advance(73 * 3_600_000)
    assert.equal(
      (await app.post('/undo', { form: Object.fromEntries(link?.searchParams ?? []) })).status,
      410,
    )
    const unverified = await app.user()
    await changeEmail(app, unverified, 'first@example.com')
    assert.ok(
      (await messagesTo(folderOf(app), unverified.email)).every(
        ({ subject }) => !/was changed/.test(subject),
      ),
    )
  })

  test(
    `${engine.name}: a change to another account’s address gets the same reply, sends nothing and changes nothing`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [kim, lee] = [await verifiedUser(app), await app.user()]
      const before = (await messagesTo(folderOf(app), kim.email)).length
      const asked = await app.post('/v1/me/identifiers/email', {
        json: { value: kim.email.toUpperCase() },
        token: lee.accessToken,
      })
      const other = await app.post('/v1/me/identifiers/email', {
        json: { value: 'free@example.com' },
        token: lee.accessToken,
      })
      assert.deepEqual([asked.status, asked.body], [other.status, other.body])
      await messageTo(folderOf(app), 'free@example.com')
      assert.equal((await messagesTo(folderOf(app), kim.email)).length, before)
    },
  )

  test(`${engine.name}: two accounts that confirm one address at once: one gets it`, options, async (t) => {
    const app = await server(t, { engine })
    const users = [await app.user(), await app.user()]
    const codes: (string | undefined)[] = []
    for (const { accessToken: token } of users) {
      await app.post('/v1/me/identifiers/email', { json: { value: 'wanted@example.com' }, token })
      for (let tries = 0; tries < 400; tries++) {
        const mails = await messagesTo(folderOf(app), 'wanted@example.com')
        if (mails.length > codes.length && codes.push(mails.at(-1)?.code)) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const replies = await Promise.all(
      users.map(({ accessToken: token }, index) =>
        app.post('/v1/me/identifiers/email/answer', { json: { code: codes[index] }, token }),
      ),
    )
    assert.deepEqual(replies.map(({ status }) => status).sort(), [204, 409])
  })

  test(
    `${engine.name}: an account made with another person's address is claimed by the owner of the address`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const squatter = await app.user({
        email: 'victim@example.com',
        username: 'squatter',
        name: 'Not the owner',
      })
      await enrolMethod(app, squatter.accessToken, 'api-key', () => ({ name: 'back door' }))
      const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: 'victim@example.com' })
      const done = await proveMail(app, 'victim@example.com', attempt.id)
      assert.equal(done.body.status, 'done')
      const token = done.body.access_token
      const me = (await app.get('/v1/me', { token })).body
      assert.deepEqual(
        [me.email, me.email_verified, me.username, me.name],
        ['victim@example.com', true, null, null],
      )
      assert.deepEqual((await app.get('/v1/me/credentials', { token })).body.credentials, [])
      assert.equal(await statusOf(app, squatter.accessToken), 401)
      assert.equal(
        (await app.post('/refresh', { json: { refresh_token: squatter.refreshToken } })).status,
        401,
      )
      for (const username of ['victim@example.com', 'squatter'])
        assert.equal(
          (await app.post('/login', { json: { username, password: squatter.password } })).status,
          400,
        )
    },
  )

  test(
    `${engine.name}: an unverified address does not bypass a second factor, and is verified once everything is proved`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const phone = await enrolTotp(app, user.accessToken)
      for (const purpose of ['sign-in', 'recover']) {
        const attempt = await beginAttempt(app, { purpose, login_hint: user.email })
        const mail = await proveMail(app, user.email, attempt.id)
        assert.deepEqual([mail.body.status, mail.body.access_token], ['more', undefined], purpose)
        const me = (await app.get('/v1/me', { token: user.accessToken })).body
        assert.deepEqual(
          [me.email_verified, me.email],
          [false, user.email],
          'nothing was taken, and nothing verified',
        )
        if (purpose === 'sign-in') continue
        const done = await answerMethod(app, attempt.id, 'totp', { code: phone.codeAt(app.clock.now()) })
        assert.equal(done.body.status, 'done', JSON.stringify(done.body))
        assert.equal((await app.get('/v1/me', { token: done.body.access_token })).body.email_verified, true)
      }
    },
  )

  test(
    `${engine.name}: a forgotten password is replaced after recovery by mail, which ends other sessions and notifies the owner`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const attempt = await beginAttempt(app, { purpose: 'recover', login_hint: user.email })
      const done = await proveMail(app, user.email, attempt.id)
      assert.equal(done.body.status, 'done')
      assert.equal(await statusOf(app, user.accessToken), 401)
      await mailTo(app, user.email, /recovered/)
      const password = 'seventeen quiet lanterns'
      const set = await app.post('/v1/me/credentials/password/answer', {
        json: { password },
        token: done.body.access_token,
      })
      assert.equal(set.status, 201, JSON.stringify(set.body))
      await mailTo(app, user.email, /was changed/)
      assert.equal((await app.post('/login', { json: { username: user.email, password } })).status, 200)
      assert.equal(
        (await app.post('/login', { json: { username: user.email, password: user.password } })).status,
        400,
      )
    },
  )

  test(
    `${engine.name}: with a second factor, mail alone recovers nothing; mail with a recovery code or the app does`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const phone = await enrolTotp(app, user.accessToken)
      let codes: string[] = []
      await enrolMethod(app, user.accessToken, 'recovery-code', (challenge) => {
        codes = challenge.codes
        return {}
      })
      for (const [method, answer] of [
        ['recovery-code', () => ({ code: codes[0] })],
        ['totp', () => ({ code: phone.codeAt(app.clock.now()) })],
      ] as const) {
        const attempt = await beginAttempt(app, { purpose: 'recover', login_hint: user.email })
        const mail = await proveMail(app, user.email, attempt.id)
        assert.equal(mail.body.status, 'more')
        const done = await answerMethod(app, attempt.id, method, answer())
        assert.equal(done.body.status, 'done', JSON.stringify(done.body))
        const list = await app.get('/v1/me/credentials', { token: done.body.access_token })
        const lost = list.body.credentials.find((one: { method: string }) => one.method === 'totp')
        if (method === 'totp') continue
        // What was lost need not be proved to be removed.
        assert.equal(
          (await app.call('DELETE', `/v1/me/credentials/${lost.id}`, { token: done.body.access_token }))
            .status,
          204,
        )
        await enrolTotp(app, done.body.access_token).then((next) => Object.assign(phone, next))
      }
    },
  )

  test(
    `${engine.name}: the last sign-in method cannot be removed, also not by two removals at once`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const { body } = await app.post('/v1/accounts', {
        json: { username: 'only-name', password: 'copper lantern under the pier' },
      })
      const token = body.access_token
      const list = async () =>
        (await app.get('/v1/me/credentials', { token })).body.credentials as { id: string; method: string }[]
      const remove = (id: string | undefined) => app.call('DELETE', `/v1/me/credentials/${id}`, { token })
      const [password] = await list()
      assert.equal((await remove(password?.id)).body.code, 'last_way_in')
      assert.equal(
        (await app.call('DELETE', '/v1/me/identifiers/username', { token })).body.code,
        'last_way_in',
      )
      await enrolTotp(app, token)
      assert.equal((await remove(password?.id)).body.code, 'last_way_in', 'a code is no way in by itself')
      assert.equal((await remove('crd_00000000000000000000000000')).status, 404)
    },
  )
}

test('a sign-in on a new device notifies the owner, once per device', async (t) => {
  const app = await server(t)
  const user = await verifiedUser(app)
  const login = (browser: ReturnType<typeof openBrowser>) =>
    browser.post('/login', { username: user.email, password: user.password })
  const browser = openBrowser(app)
  for (let i = 0; i < 3; i++) assert.equal((await login(browser)).status, 200)
  await login(openBrowser(app, { 'user-agent': '<script>alert(1)</script>' }))
  await mailTo(app, user.email, /New sign-in/)
  await allSent(app)
  const told = (await messagesTo(folderOf(app), user.email)).filter(({ subject }) =>
    /New sign-in/.test(subject),
  )
  assert.equal(told.length, 2)
  for (const { html } of told) assert.doesNotMatch(html, /<script/)
})

test('a remembered device is one factor of its account until it expires or is removed, and not enough alone or for changes', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const phone = await enrolTotp(app, user.accessToken)
  const browser = openBrowser(app)
  const signIn = async (in_: typeof browser, remember = false) => {
    const attempt = (
      await in_.post('/v1/attempts', {
        purpose: 'sign-in',
        login_hint: user.email,
        remember_device: remember,
      })
    ).body.id
    const first = await in_.post(`/v1/attempts/${attempt}/password/answer`, { password: user.password })
    return { attempt, first: first.body }
  }
  const { attempt, first } = await signIn(browser, true)
  assert.equal(first.status, 'more')
  assert.equal(
    (await browser.post(`/v1/attempts/${attempt}/totp/answer`, { code: phone.codeAt(app.clock.now()) })).body
      .status,
    'done',
  )
  app.clock.advance(3_600_000)
  const again = await signIn(browser)
  assert.equal(again.first.status, 'done')
  assert.equal(decodeJwt(again.first.access_token).acr, 'aal2')
  const refused = await app.post('/v1/me/credentials/totp', { json: {}, token: again.first.access_token })
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.acr_values],
    [401, 'insufficient_user_authentication', 'aal2'],
  )
  assert.equal((await signIn(openBrowser(app))).first.status, 'more', 'another browser is not it')
  const other = await app.user()
  await enrolTotp(app, other.accessToken)
  assert.equal(
    (await browser.post('/login', { username: other.email, password: other.password })).status,
    403,
    'nor is it for another account',
  )
  const stepUp = await beginAttempt(app, { purpose: 'step-up' }, again.first.access_token)
  const raised = await answerMethod(app, stepUp.id, 'totp', { code: phone.codeAt(app.clock.now()) })
  const token =
    raised.body.status === 'done'
      ? raised.body.access_token
      : (await answerMethod(app, stepUp.id, 'password', { password: user.password })).body.access_token
  const device = (await app.get('/v1/me/credentials', { token })).body.credentials.find(
    ({ method }: { method: string }) => method === 'device',
  )
  assert.equal((await app.call('DELETE', `/v1/me/credentials/${device.id}`, { token })).status, 204)
  assert.equal((await signIn(browser)).first.status, 'more')
})
