import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { allSent, messagesTo, messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import {
  answerMethod,
  type Browser,
  beginAttempt,
  beginMethod,
  type Caller,
  openBrowser,
} from '../support/users.ts'

const speaking = (browser: Browser): Caller => ({ post: (path, call) => browser.post(path, call?.json) })
const folderOf = (app: TestServer) => app.environment.SUMUN_DATA as string
const isLink = ({ link }: { link: URL | undefined }) => link?.pathname.startsWith('/link/') === true

/** A browser that has asked for a link, and the link. */
async function askForLink(app: TestServer, email: string, more: Record<string, unknown> = {}) {
  const browser = openBrowser(app)
  const attempt = await beginAttempt(speaking(browser), { purpose: 'sign-in', login_hint: email, ...more })
  const challenge = await beginMethod(speaking(browser), attempt.id, 'email-link')
  const { link } = await messageTo(folderOf(app), email, isLink)
  return {
    browser,
    attempt: attempt.id,
    number: challenge.number as string,
    link: link as URL,
    path: `${link?.pathname}${link?.search}`,
  }
}

const fields = (link: URL, more: Record<string, string> = {}) => ({
  ...Object.fromEntries(link.searchParams),
  ...more,
})

for (const engine of engines) {
  test(`${engine.name}: a scanner that opens a mailed link, and follows it, spends nothing and gets nothing`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { email } = await verifiedUser(app)
    const { browser, link, path } = await askForLink(app, email)
    for (const method of ['GET', 'HEAD', 'GET', 'GET']) {
      const seen = await app.call(method, path)
      assert.ok([200, 404, 405].includes(seen.status), `${method} ${seen.status}`)
      assert.deepEqual(seen.headers.getSetCookie(), [])
      assert.doesNotMatch(String(seen.body), /access_token/)
    }
    const page = await app.get(path)
    assert.equal(page.headers.get('cache-control'), 'no-store')
    assert.equal(page.headers.get('referrer-policy'), 'same-origin')
    // Some press buttons, too: without the number of the other screen they approve nothing, and are signed in
    // to nothing.
    for (const number of ['', '1', 'abc']) {
      const pressed = await app.post(link.pathname, { form: fields(link, { number }) })
      assert.deepEqual([pressed.status, pressed.headers.getSetCookie()], [400, []])
    }
    const mine = await browser.call('POST', link.pathname, { form: fields(link) })
    assert.equal(mine.status, 200)
    assert.ok(browser.cookies.has('sumun_session'))
  })

  test(`${engine.name}: a link works once, and neither its code nor it after that`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { email } = await verifiedUser(app)
    const { browser, link, attempt, path } = await askForLink(app, email)
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => browser.call('POST', link.pathname, { form: fields(link) })),
    )
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    assert.equal((await browser.get(path)).status, 410)
    const code = (await messageTo(folderOf(app), email, isLink)).code
    assert.equal(
      (await browser.post(`/v1/attempts/${attempt}/email-link/answer`, { code })).body.code,
      'attempt_over',
    )
  })

  test(`${engine.name}: opened elsewhere, it signs that device in to nothing, and approves with the number of the other screen`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { email } = await verifiedUser(app)
    const { browser, link, attempt, number, path } = await askForLink(app, email)
    const phone = openBrowser(app, { 'accept-language': 'ko' })
    assert.match((await phone.get(path)).body, /다른 기기에서 로그인할까요/)
    const wrong = String((Number(number) + 1) % 100).padStart(2, '0')
    assert.equal(
      (await phone.call('POST', link.pathname, { form: fields(link, { number: wrong }) })).status,
      400,
    )
    assert.equal(
      (await browser.post(`/v1/attempts/${attempt}/email-link/answer`, { approved: true })).status,
      400,
    )
    const approved = await phone.call('POST', link.pathname, { form: fields(link, { number }) })
    assert.deepEqual([approved.status, phone.cookies.has('sumun_session')], [200, false])
    const done = await browser.post(`/v1/attempts/${attempt}/email-link/answer`, { approved: true })
    assert.equal(done.body.status, 'done', JSON.stringify(done.body))
    assert.equal(
      (await browser.post(`/v1/attempts/${attempt}/email-link/answer`, { approved: true })).status,
      410,
    )
  })

  test(`${engine.name}: the number can be guessed five times, and then the link is invalid`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { email } = await verifiedUser(app)
    const { link, number } = await askForLink(app, email)
    const guess = async (value: string) =>
      (await app.post(link.pathname, { form: fields(link, { number: value }) })).status
    const wrong = String((Number(number) + 1) % 100).padStart(2, '0')
    assert.deepEqual(
      await Promise.all(Array.from({ length: 5 }, () => guess(wrong))),
      [400, 400, 400, 400, 400],
    )
    assert.equal(await guess(number), 410)
  })

  test(`${engine.name}: a code for a changed address proves nothing`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const { browser, attempt } = await askForLink(app, user.email)
    const { code } = await messageTo(folderOf(app), user.email, isLink)
    assert.equal(
      (
        await app.post('/v1/me/identifiers/email', {
          json: { value: 'new@example.com' },
          token: user.accessToken,
        })
      ).status,
      200,
    )
    const confirmation = await messageTo(folderOf(app), 'new@example.com')
    await app.post('/v1/me/identifiers/email/answer', {
      json: { code: confirmation.code },
      token: user.accessToken,
    })
    assert.equal(
      (await browser.post(`/v1/attempts/${attempt}/email-link/answer`, { code })).body.code,
      'answer_refused',
    )
  })
}

test('the address in a mail is the issuer, whatever the request says of its host', async (t) => {
  const app = await server(t, { settings: { SUMUN_ISSUER: 'https://id.example.com' } })
  await app.user({ email: 'minji@example.com' })
  const headers = {
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
    'x-forwarded-proto': 'http',
    'x-original-host': 'evil.example',
  }
  const { body } = await app.post('/v1/attempts', {
    json: { purpose: 'sign-in', login_hint: 'minji@example.com' },
    headers,
  })
  await app.post(`/v1/attempts/${body.id}/email-link`, { json: {}, headers })
  const mail = await messageTo(folderOf(app), 'minji@example.com', isLink)
  assert.equal(mail.link?.origin, 'https://id.example.com')
  assert.doesNotMatch(mail.text + mail.html, /evil/)
})

test('a token for one purpose is not valid for another', async (t) => {
  const app = await server(t)
  const { email } = await verifiedUser(app)
  const { link } = await askForLink(app, email)
  const token = link.searchParams.get('token') ?? ''
  assert.equal((await app.get(`/undo?token=${token}`)).status, 410)
  assert.equal(
    (
      await app.post('/v1/accounts', {
        json: { username: 'x-y', password: 'copper lantern under the pier', invitation: token },
      })
    ).body.code,
    'invitation_required',
  )
  const other = await beginAttempt(app, { purpose: 'sign-in', login_hint: email })
  await beginMethod(app, other.id, 'email-link')
  assert.equal((await answerMethod(app, other.id, 'email-link', { token })).body.code, 'answer_refused')
})

test('sending is limited by name and source, and by address from all sources', async (t) => {
  const app = await server(t, { settings: { SUMUN_TRUST_PROXY: '1' } })
  const { email } = await verifiedUser(app)
  const ask = async (name: string, source: string) => {
    const headers = { 'x-forwarded-for': source }
    const { body } = await app.post('/v1/attempts', {
      json: { purpose: 'sign-in', login_hint: name },
      headers,
    })
    return (await app.post(`/v1/attempts/${body.id}/email-code`, { json: {}, headers })).status
  }
  for (const name of [email, `nobody-${email}`]) {
    const statuses: number[] = []
    for (let i = 0; i < 7; i++) statuses.push(await ask(name, '203.0.113.7'))
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429], name)
  }
  for (let i = 0; i < 40; i++) assert.equal(await ask(email, `198.51.100.${i}`), 200)
  await allSent(app)
  const mails = await messagesTo(folderOf(app), email)
  assert.ok(mails.length <= 20, `${mails.length} mails`)
})

test('text messages are limited by number range and in total, with the same reply', async (t) => {
  const app = await server(t, { settings: { SUMUN_SMS_PER_DAY: '3', SUMUN_TRUST_PROXY: '1' } })
  const { accessToken: token } = await app.user()
  for (let i = 0; i < 6; i++) {
    const headers = { 'x-forwarded-for': `198.51.100.${i}` }
    const reply = await app.post('/v1/me/identifiers/phone', {
      json: { value: `+88170000000${i}` },
      token,
      headers,
    })
    assert.ok([200, 400].includes(reply.status), String(reply.status))
  }
  const numbers = Array.from({ length: 6 }, (_, i) => `+8210${30_000_000 + i}`)
  for (const value of numbers)
    assert.equal((await app.post('/v1/me/identifiers/phone', { json: { value }, token })).status, 200)
  await allSent(app)
  const sent = (await Promise.all(numbers.map((number) => messagesTo(folderOf(app), number)))).flat()
  assert.ok(sent.length <= 3, `${sent.length} text messages`)
})
