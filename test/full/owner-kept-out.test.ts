import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { allSent, messagesTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod, openBrowser } from '../support/users.ts'

const folderOf = (app: TestServer) => app.environment.SUMUN_DATA as string
const settings = { SUMUN_TRUST_PROXY: '1' }
const from = (address: string) => ({ 'x-forwarded-for': address })
const stranger = (i: number) => from(`198.51.${100 + Math.floor(i / 250)}.${i % 250}`)

async function codeMails(app: TestServer, email: string): Promise<number> {
  return (await messagesTo(folderOf(app), email)).filter(({ subject }) => /sign-in code/.test(subject)).length
}

async function askForCode(app: TestServer, email: string, headers: Record<string, string>): Promise<void> {
  const { body } = await app.post('/v1/attempts', {
    json: { purpose: 'sign-in', login_hint: email },
    headers,
  })
  await app.post(`/v1/attempts/${body.id}/email-code`, { json: {}, headers })
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: strangers do not use up the owner’s mail limit at a known place`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings })
      const user = await verifiedUser(app)
      const home = openBrowser(app, from('203.0.113.9'))
      const signedIn = await home.post('/login', { username: user.email, password: user.password })
      assert.equal(signedIn.status, 200)
      for (let i = 0; i < 30; i++) await askForCode(app, user.email, stranger(i))
      await allSent(app)
      const used = await codeMails(app, user.email)
      assert.ok(used <= 18, `${used} mails requested by strangers`)
      await askForCode(app, user.email, stranger(40))
      await allSent(app)
      assert.equal(await codeMails(app, user.email), used, 'strangers get no more')
      const attempt = await home.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })
      await home.post(`/v1/attempts/${attempt.body.id}/email-code`)
      for (let tries = 0; tries < 200 && (await codeMails(app, user.email)) === used; tries++)
        await new Promise((r) => setTimeout(r, 20))
      assert.equal(await codeMails(app, user.email), used + 1, 'the owner does, at home')
      const { code } =
        (await messagesTo(folderOf(app), user.email)).findLast(({ code }) => code !== undefined) ?? {}
      const done = await home.post(`/v1/attempts/${attempt.body.id}/email-code/answer`, { code })
      assert.equal(done.body.status, 'done', JSON.stringify(done.body))
    },
  )

  test(
    `${engine.name}: wrong short codes of strangers do not block the owner at a known place`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings })
      const user = await verifiedUser(app)
      const home = openBrowser(app, from('203.0.113.9'))
      await home.post('/login', { username: user.email, password: user.password })
      for (let i = 0; i < 15; i++) {
        const headers = stranger(i)
        const { body } = await app.post('/v1/attempts', {
          json: { purpose: 'sign-in', login_hint: user.email },
          headers,
        })
        await app.post(`/v1/attempts/${body.id}/email-code`, { json: {}, headers })
        for (let n = 0; n < 5; n++)
          await app.post(`/v1/attempts/${body.id}/email-code/answer`, { json: { code: '000000' }, headers })
      }
      const attempt = await home.post('/v1/attempts', { purpose: 'sign-in', login_hint: user.email })
      const seen = await codeMails(app, user.email)
      await home.post(`/v1/attempts/${attempt.body.id}/email-code`)
      for (let tries = 0; tries < 200 && (await codeMails(app, user.email)) === seen; tries++)
        await new Promise((r) => setTimeout(r, 20))
      const { code } =
        (await messagesTo(folderOf(app), user.email)).findLast(({ code }) => code !== undefined) ?? {}
      const done = await home.post(`/v1/attempts/${attempt.body.id}/email-code/answer`, { code })
      assert.equal(done.body.status, 'done', JSON.stringify(done.body))
    },
  )

  test(`${engine.name}: failed passkeys of the same source do not block a valid one`, options, async (t) => {
    const app = await server(t, { engine, settings })
    const user = await app.user()
    const key = new SoftwareAuthenticator(app.url)
    await enrolMethod(app, user.accessToken, 'passkey', (challenge) => key.register(challenge))
    const office = {
      post: (path: string, call: object = {}) => app.post(path, { ...call, headers: from('203.0.113.77') }),
    }
    for (let i = 0; i < 40; i++) {
      const unknown = new SoftwareAuthenticator(app.url)
      const attempt = await beginAttempt(office, { purpose: 'sign-in' })
      const challenge = await beginMethod(office, attempt.id, 'passkey')
      const refused = await answerMethod(office, attempt.id, 'passkey', unknown.authenticate(challenge))
      assert.equal(refused.status, 400, JSON.stringify(refused.body))
    }
    const attempt = await beginAttempt(office, { purpose: 'sign-in' })
    const challenge = await beginMethod(office, attempt.id, 'passkey')
    const done = await answerMethod(office, attempt.id, 'passkey', key.authenticate(challenge))
    assert.equal(done.body.status, 'done', JSON.stringify(done.body))
  })

  test(
    `${engine.name}: from the owner’s source, concurrent wrong logins look the same for known and unknown names`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings })
      const user = await verifiedUser(app)
      const beside = from('203.0.113.9')
      const home = openBrowser(app, beside)
      await home.post('/login', { username: user.email, password: user.password })
      const statuses = async (username: string) => {
        const replies = await Promise.all(
          Array.from({ length: 12 }, () =>
            app.post('/login', {
              json: { username, password: 'not the password at all' },
              headers: { ...beside, 'user-agent': 'other' },
            }),
          ),
        )
        return replies.map(({ status }) => status).sort()
      }
      const [known, unknown] = [await statuses(user.email), await statuses('nobody-at-all@example.com')]
      assert.deepEqual(known, unknown)
      assert.equal(known.filter((status) => status === 400).length, 5, 'what the documents say')
    },
  )
}
