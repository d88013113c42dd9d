import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignedInUser } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messagesTo, messageTo, type SentMessage } from '../support/messages.ts'
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
const fieldsOf = ({ link }: SentMessage) => Object.fromEntries(link?.searchParams ?? [])
const hour = 3_600_000

async function changeEmail(
  app: TestServer,
  { accessToken: token }: Pick<SignedInUser, 'accessToken'>,
  value: string,
): Promise<void> {
  assert.equal((await app.post('/v1/me/identifiers/email', { json: { value }, token })).status, 200)
  const { code } = await messageTo(folderOf(app), value, (mail) => mail.code !== undefined)
  assert.equal((await app.post('/v1/me/identifiers/email/answer', { json: { code }, token })).status, 204)
}

const undoLinkTo = (app: TestServer, address: string) =>
  messageTo(folderOf(app), address, ({ subject }) => /was changed/.test(subject))

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an attacker who changes the address twice cannot undo the owner’s undo`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const owner = await verifiedUser(app)
      app.clock.advance(100 * hour)
      const thief = (await app.post('/login', { json: { username: owner.email, password: owner.password } }))
        .body
      await changeEmail(app, { accessToken: thief.access_token }, 'b@thief.example')
      await changeEmail(app, { accessToken: thief.access_token }, 'c@thief.example')
      const mails = await messagesTo(folderOf(app), 'b@thief.example')
      const thiefsLink = mails.find(({ link }) => link?.pathname === '/undo')
      assert.equal(thiefsLink, undefined, 'an address of a moment ago can undo nothing')
      const undone = await app.post('/undo', { form: fieldsOf(await undoLinkTo(app, owner.email)) })
      assert.equal(undone.status, 200)
      const back = await app.post('/login', { json: { username: owner.email, password: owner.password } })
      assert.equal((await app.get('/v1/me', { token: back.body.access_token })).body.email, owner.email)
    },
  )

  test(`${engine.name}: undoing a change invalidates every later link and code`, options, async (t) => {
    const app = await server(t, { engine })
    const owner = await verifiedUser(app)
    app.clock.advance(100 * hour)
    const { access_token: token } = (
      await app.post('/login', { json: { username: owner.email, password: owner.password } })
    ).body
    await changeEmail(app, { accessToken: token }, 'b@thief.example')
    assert.equal(
      (await app.post('/v1/me/identifiers/phone', { json: { value: '+821012345678' }, token })).status,
      200,
    )
    const { code } = await messageTo(folderOf(app), '+821012345678')
    const browser = openBrowser(app)
    assert.equal(
      (await browser.call('POST', '/undo', { form: fieldsOf(await undoLinkTo(app, owner.email)) })).status,
      200,
    )
    const back = (await app.post('/login', { json: { username: owner.email, password: owner.password } }))
      .body.access_token
    const late = await app.post('/v1/me/identifiers/phone/answer', { json: { code }, token: back })
    assert.equal(late.body.code, 'challenge_not_open')
  })

  test(
    `${engine.name}: undo restores the account: what was set up meanwhile is suspended until its owner keeps it`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const owner = await verifiedUser(app)
      app.clock.advance(100 * hour)
      const login = (password: string, code?: string) =>
        app.post('/login', { json: { username: owner.email, password, code } })
      const thief = (await login(owner.password)).body.access_token
      const phone = await enrolTotp(app, thief)
      const { key } = (await enrolMethod(app, thief, 'api-key', () => ({ name: 'of the thief' }))).body.notes
      assert.equal((await app.get('/protected', { token: key })).status, 200)
      await changeEmail(app, { accessToken: thief }, 'b@thief.example')
      const browser = openBrowser(app)
      const undone = await browser.call('POST', '/undo', {
        form: fieldsOf(await undoLinkTo(app, owner.email)),
      })
      assert.equal(undone.status, 200)
      assert.match(
        undone.body,
        /url=[^"]*\/account\/rescue/,
        'the owner is signed in, and led to what was set up',
      )
      assert.equal((await app.get('/protected', { token: thief })).status, 401)
      assert.equal((await app.get('/protected', { token: key })).status, 401, 'nor do API keys work')
      const rescue = await browser.get('/account/rescue')
      assert.equal(rescue.status, 200)
      // The attacker's second factor is not required.
      const back = await login(owner.password)
      assert.equal(back.status, 200)
      const listed = (await app.get('/v1/me/credentials', { token: back.body.access_token })).body.credentials
      const totp = listed.find(({ method }: { method: string }) => method === 'totp')
      assert.equal(totp.suspended, true)
      assert.equal(
        (await login(owner.password, phone.codeAt(app.clock.now()))).status,
        200,
        'nor does it say anything',
      )
      // The owner keeps what is theirs.
      const confirmed = await app.post(`/v1/me/credentials/${totp.id}/confirm`, {
        json: {},
        token: back.body.access_token,
      })
      assert.equal(confirmed.status, 204)
      assert.equal((await login(owner.password)).status, 403, 'and is asked for again')
    },
  )

  test(`${engine.name}: a session that has ended meanwhile writes nothing`, options, async (t) => {
    const app = await server(t, {
      engine,
      passwordCost: { memoryKibibytes: 65_536, passes: 4, parallelism: 1 },
    })
    const owner = await verifiedUser(app)
    const token = owner.accessToken
    const wanted = 'seven herons over the weir'
    const changing = app.post('/v1/me/credentials/password/answer', {
      json: { password: wanted, current_password: owner.password },
      token,
    })
    await new Promise((resolve) => setTimeout(resolve, 100)) // it is being hashed
    const [session] = (await app.get('/v1/me/sessions', { token })).body.sessions
    assert.equal((await app.call('DELETE', `/v1/me/sessions/${session.id}`, { token })).status, 204)
    const changed = await changing
    assert.equal(changed.status, 401, JSON.stringify(changed.body))
    assert.equal(
      (await app.post('/login', { json: { username: owner.email, password: wanted } })).status,
      400,
    )
    assert.equal(
      (await app.post('/login', { json: { username: owner.email, password: owner.password } })).status,
      200,
    )
  })

  test(
    `${engine.name}: of two sessions that change the password at once, one does, and ends the other`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const owner = await verifiedUser(app)
      const login = () => app.post('/login', { json: { username: owner.email, password: owner.password } })
      const tokens = [(await login()).body.access_token, (await login()).body.access_token]
      const replies = await Promise.all(
        tokens.map((token, index) =>
          app.post('/v1/me/credentials/password/answer', {
            json: { password: `lantern number ${index} over the pier`, current_password: owner.password },
            token,
          }),
        ),
      )
      assert.equal(
        replies.filter(({ status }) => status === 201).length,
        1,
        JSON.stringify(replies.map(({ status, body }) => [status, body])),
      )
      const winner = replies.findIndex(({ status }) => status === 201)
      const works = await app.post('/login', {
        json: { username: owner.email, password: `lantern number ${winner} over the pier` },
      })
      assert.equal(works.status, 200)
    },
  )

  test(
    `${engine.name}: whatever was on its way before a recovery is worth nothing after it`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const owner = await verifiedUser(app)
      const recover = async (method: string) => {
        const { id } = await beginAttempt(app, { purpose: 'recover', login_hint: owner.email })
        const seen = (await messagesTo(folderOf(app), owner.email)).length
        await beginMethod(app, id, method)
        for (let tries = 0; tries < 400; tries++) {
          const mails = await messagesTo(folderOf(app), owner.email)
          if (mails.length > seen) return { id, mail: mails.at(-1) as SentMessage }
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        throw new Error('nothing came')
      }
      const link = await recover('email-link')
      const code = await recover('email-code')
      const last = await recover('email-code')
      const done = await answerMethod(app, last.id, 'email-code', { code: last.mail.code })
      assert.equal(done.body.status, 'done', JSON.stringify(done.body))
      const token = done.body.access_token
      const set = await app.post('/v1/me/credentials/password/answer', {
        json: { password: 'seven herons over the weir' },
        token,
      })
      assert.equal(set.status, 201, JSON.stringify(set.body))
      const replies = [
        await answerMethod(app, link.id, 'email-link', { token: link.mail.link?.searchParams.get('token') }),
        await answerMethod(app, code.id, 'email-code', { code: code.mail.code }),
      ]
      assert.deepEqual(
        replies.map(({ status }) => status >= 400),
        [true, true],
        JSON.stringify(replies.map(({ body }) => body)),
      )
    },
  )
}
