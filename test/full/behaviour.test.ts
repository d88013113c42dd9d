import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { methods } from '../../src/methods/index.ts'
import type { Reply } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { type MethodDriver, methodDrivers, type Person } from '../support/method-drivers.ts'
import { answerMethod, beginAttempt, beginMethod, type Caller, openBrowser } from '../support/users.ts'

// What holds for every method through the public door. A new method needs a driver, which says what right and
// wrong look like.
const program = (app: TestServer): Caller => app
const codes = (replies: Reply[], status: number) => replies.filter((reply) => reply.status === status).length

test('every method has a driver', () => {
  assert.deepEqual(
    methods
      .filter(({ bearer }) => !bearer)
      .map(({ id }) => id)
      .sort(),
    Object.keys(methodDrivers).sort(),
  )
})

async function signIn(
  app: TestServer,
  id: string,
  person: Person,
  caller = program(app),
): Promise<{ attempt: string; reply: Reply }> {
  const attempt = await beginAttempt(caller, { purpose: 'sign-in', login_hint: person.name })
  const challenge = await beginMethod(caller, attempt.id, id)
  return {
    attempt: attempt.id,
    reply: await answerMethod(caller, attempt.id, id, await person.right(challenge)),
  }
}

for (const engine of engines) {
  for (const { id, canClaim } of methods.filter(({ bearer }) => bearer === undefined)) {
    const driver = methodDrivers[id] as MethodDriver
    const options = { skip: engine.skip || (driver.skip ?? false) }
    const name = (behaviour: string) => `${engine.name}: ${id}: ${behaviour}`

    test(
      name('begins a sign-in, alone where it may and beside another where it may not'),
      options,
      async (t) => {
        const app = await server(t, { engine })
        const person = await driver.prepare(app)
        const { attempt, reply } = await signIn(app, id, person)
        assert.equal(reply.status, 200, JSON.stringify(reply.body))
        let { body } = reply
        if (body.status === 'more') {
          assert.ok(body.offers.length > 0)
          assert.equal(body.access_token, undefined)
          body = (await answerMethod(app, attempt, 'password', { password: 'copper lantern under the pier' }))
            .body
        }
        assert.equal(body.status, 'done', JSON.stringify(body))
        const claims = decodeJwt(body.access_token)
        assert.equal(claims.sub, person.accountId)
        assert.ok((claims.amr as string[]).some((value) => canClaim.amr.includes(value)))
        assert.equal((await app.get('/protected', { token: body.access_token })).status, 200)
        assert.equal((await app.get(`/v1/attempts/${attempt}`)).body.status, 'done')
        assert.equal((await answerMethod(app, attempt, id, driver.guess(app))).body.code, 'attempt_over')
      },
    )

    test(name('refuses a wrong answer, and the attempt continues'), options, async (t) => {
      const app = await server(t, { engine })
      const person = await driver.prepare(app)
      const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: person.name })
      const challenge = await beginMethod(app, attempt.id, id)
      const refused = await answerMethod(app, attempt.id, id, person.wrong(challenge))
      assert.deepEqual([refused.status, refused.body.code], [400, 'answer_refused'])
      await person.right(challenge).catch(() => undefined)
      app.clock.advance(id === 'totp' ? 30_000 : 1000)
      const again = await beginMethod(app, attempt.id, id)
      const right = await answerMethod(app, attempt.id, id, await person.right(again))
      assert.equal(right.status, 200, JSON.stringify(right.body))
    })

    test(name('answers for an unknown name as to a wrong answer'), options, async (t) => {
      const app = await server(t, { engine })
      const person = await driver.prepare(app)
      const seen = await Promise.all(
        [person.name, `no${person.name}`].map(async (hint) => {
          const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: hint })
          const challenge = await beginMethod(app, attempt.id, id)
          const refused = await answerMethod(app, attempt.id, id, driver.guess(app))
          const { request_id: _, ...body } = refused.body
          return {
            offers: attempt.offers,
            challenge: Object.keys(challenge),
            status: refused.status,
            body,
            headers: [...refused.headers.keys()],
          }
        }),
      )
      // Which credential is unknown is the one thing that is said back.
      const [known, unknown] = seen.map((one) =>
        JSON.stringify(one).replaceAll(/"credential_id":"[^"]+"/g, '"credential_id":"…"'),
      )
      assert.equal(known, unknown)
    })

    test(name('takes one answer once, however many come at once'), options, async (t) => {
      const app = await server(t, { engine })
      const person = await driver.prepare(app)
      const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: person.name })
      const answer = await person.right(await beginMethod(app, attempt.id, id))
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => answerMethod(app, attempt.id, id, answer)),
      )
      // A password may be said again while the attempt is open; what is used up may not.
      assert.equal(codes(replies, 200), 1, replies.map(({ status }) => status).join(' '))
      for (const { status } of replies) assert.ok([200, 400, 410, 429].includes(status), String(status))
    })

    test(name('belongs to the browser that began it'), options, async (t) => {
      const app = await server(t, { engine })
      const person = await driver.prepare(app)
      const [mine, other] = [openBrowser(app), openBrowser(app)]
      const caller: Caller = { post: (path, call) => mine.post(path, call?.json) }
      await beginAttempt(
        { post: (path, call) => other.post(path, call?.json) },
        { purpose: 'sign-in', login_hint: person.name },
      )
      const attempt = await beginAttempt(caller, { purpose: 'sign-in', login_hint: person.name })
      const answer = await person.right(await beginMethod(caller, attempt.id, id))
      for (const stranger of [other, openBrowser(app)]) {
        assert.equal((await stranger.post(`/v1/attempts/${attempt.id}/${id}/answer`, answer)).status, 404)
        assert.equal((await stranger.get(`/v1/attempts/${attempt.id}`)).status, 404)
      }
      assert.equal((await answerMethod(app, attempt.id, id, answer)).status, 404)
      const reply = await answerMethod(caller, attempt.id, id, answer)
      assert.equal(reply.status, 200, JSON.stringify(reply.body))
    })

    test(name('answers anything malformed with a clear 4xx'), options, async (t) => {
      const app = await server(t, { engine })
      await driver.prepare(app)
      const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: 'kim@example.com' })
      await beginMethod(app, attempt.id, id)
      for (const json of [
        null,
        [],
        'text',
        1,
        {},
        { unknown: 'x' },
        { code: 1 },
        { code: '1'.repeat(5000) },
        { token: null },
        { id: {}, response: [] },
      ]) {
        const reply = await answerMethod(app, attempt.id, id, json)
        assert.ok(reply.status >= 400 && reply.status < 500, `${JSON.stringify(json)}: ${reply.status}`)
        assert.ok(reply.body.code, JSON.stringify(reply.body))
      }
      assert.equal(
        (
          await app.post(`/v1/attempts/${attempt.id}/${id}/answer`, {
            raw: 'x'.repeat(1_100_000),
            headers: { 'content-type': 'application/json' },
          })
        ).status,
        413,
      )
    })
  }
}
