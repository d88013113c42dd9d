import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { mailServer } from '../support/mail-server.ts'
import { answerMethod, beginAttempt, beginMethod } from '../support/users.ts'

/** How many messages will be tried again, whenever that is. */
const waitingIn = async ({ running }: TestServer): Promise<number> =>
  (await running.engine.store.outbox.listDue({ now: Number.MAX_SAFE_INTEGER, limit: 100 })).length

for (const engine of engines) {
  test(`${engine.name}: a code goes out by SMTP, as text and HTML, in the owner's language`, {
    skip: engine.skip,
  }, async (t) => {
    const post = await mailServer(t)
    const app = await server(t, {
      engine,
      settings: {
        SUMUN_SMTP_URL: post.url,
        SUMUN_SITE_NAME: '우리 회사',
        SUMUN_MAIL_FROM: 'Gate <gate@example.com>',
      },
    })
    await app.post('/v1/accounts', {
      json: { email: 'minji@example.com', password: 'copper lantern under the pier', locale: 'ko' },
    })
    await post.received(1) // two mails that are sent at once may arrive in either order
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: 'minji@example.com' })
    const challenge = await beginMethod(app, attempt.id, 'email-code')
    assert.deepEqual(challenge, { sent_to: 'm***@example.com', expires_in: 600 })
    const [, mail] = await post.received(2)
    assert.equal(mail?.to, 'minji@example.com')
    assert.equal(mail?.subject, '우리 회사 로그인 인증번호')
    assert.match(mail?.text ?? '', /10분 동안/)
    assert.match(mail?.html ?? '', /<html lang="ko">/)
    assert.ok(mail?.html.includes(mail.code as string))
    assert.equal((await answerMethod(app, attempt.id, 'email-code', { code: mail?.code })).status, 200)
  })

  test(`${engine.name}: temporarily refused mail is retried with growing delays, permanently refused mail is not`, {
    skip: engine.skip,
  }, async (t) => {
    const post = await mailServer(t)
    const app = await server(t, { engine, settings: { SUMUN_SMTP_URL: post.url } })
    post.refuseWith(451, 2)
    await app.user({ email: 'slow@example.com' })
    const waiting = () => waitingIn(app)
    await sleep(300)
    assert.equal(await waiting(), 1)
    for (let i = 0; i < 40 && post.mails.length === 0; i++) {
      app.clock.advance(3_000)
      app.running.engine.delivery.wake()
      await sleep(100)
    }
    assert.deepEqual(
      post.mails.map(({ to }) => to),
      ['slow@example.com'],
    )
    post.refuseWith(550, 1)
    await app.user({ email: 'gone@example.com' })
    for (let i = 0; i < 40 && (await waiting()) > 0; i++) await sleep(50)
    assert.equal(await waiting(), 0)
    app.clock.advance(3_600_000)
    app.running.engine.delivery.wake()
    await sleep(200)
    assert.equal(post.mails.length, 1)
    assert.match(
      (await app.get('/metrics')).body,
      /sumun_messages_total\{channel="email",outcome="given_up"\} 1/,
    )
  })

  test(`${engine.name}: an expired code is not sent late`, {
    skip: engine.skip,
  }, async (t) => {
    const post = await mailServer(t)
    const app = await server(t, { engine, settings: { SUMUN_SMTP_URL: post.url } })
    const { email } = await app.user()
    await post.received(1)
    post.refuseWith(451, 1)
    const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: email })
    await beginMethod(app, attempt.id, 'email-code')
    await sleep(300)
    app.clock.advance(700_000)
    app.running.engine.delivery.wake()
    await sleep(400)
    assert.equal(post.mails.length, 1)
    assert.equal(await waitingIn(app), 0)
  })

  test(`${engine.name}: two nodes send each message once`, { skip: engine.skip }, async (t) => {
    const post = await mailServer(t)
    const settings = { SUMUN_SMTP_URL: post.url }
    const one = await server(t, { engine, settings })
    const two =
      engine.name === 'postgres'
        ? await server(t, { environment: one.environment, settings, clock: one.clock })
        : one
    const users = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).user()))
    await post.received(20)
    await sleep(1500)
    assert.deepEqual(post.mails.map(({ to }) => to).sort(), users.map(({ email }) => email).sort())
  })
}

test('a text message has the configured form, and the line that a phone’s autofill needs', async (t) => {
  const requests: { headers: Record<string, unknown>; body: string }[] = []
  const answers = [500]
  const gateway = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      requests.push({ headers: request.headers, body })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  t.after(() => gateway.close())
  const app = await server(t, {
    settings: {
      SUMUN_SMS_WEBHOOK_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`,
      SUMUN_SMS_WEBHOOK_AUTHORIZATION: 'Basic a2V5OnNlY3JldA==',
      SUMUN_SMS_WEBHOOK_BODY: 'sender=0212345678&receiver={to}&msg={text}',
      SUMUN_PHONE_COUNTRY: 'KR',
    },
  })
  const { accessToken: token } = await app.user()
  assert.equal(
    (await app.post('/v1/me/identifiers/phone', { json: { value: '010-1234-5678' }, token })).status,
    200,
  )
  for (let i = 0; i < 60 && requests.length < 2; i++) {
    app.clock.advance(1_000)
    app.running.engine.delivery.wake()
    await sleep(50)
  }
  assert.equal(requests.length, 2, 'tried again after a 500')
  assert.equal(requests[0]?.headers['idempotency-key'], requests[1]?.headers['idempotency-key'])
  assert.equal(requests[1]?.headers.authorization, 'Basic a2V5OnNlY3JldA==')
  const form = new URLSearchParams(requests[1]?.body)
  assert.deepEqual([form.get('sender'), form.get('receiver')], ['0212345678', '+821012345678'])
  const code = /\b(\d{6})\b/.exec(form.get('msg') ?? '')?.[1]
  assert.ok(form.get('msg')?.endsWith(`\n\n@localhost #${code}`))
  assert.equal((await app.post('/v1/me/identifiers/phone/answer', { json: { code }, token })).status, 204)
})
