import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { answerMethod, beginAttempt, beginMethod, enrolTotp } from '../support/users.ts'

const fullWidth = (text: string): string =>
  text.replaceAll(/[0-9a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
const spellings: Readonly<Record<string, (code: string) => string>> = {
  plain: (code) => code,
  'full width': fullWidth,
  'in two halves': (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
  'a no-break space': (code) => `${code.slice(0, 3)}\u00a0${code.slice(3)}`,
  'an ideographic space': (code) => `${fullWidth(code.slice(0, 3))}\u3000${fullWidth(code.slice(3))}`,
  dashes: (code) => code.match(/../g)?.join('-') ?? code,
  'a long vowel mark': (code) => `${code.slice(0, 3)}ー${code.slice(3)}`,
  'spaces outside': (code) => `  ${code}\t\n`,
  'marks of direction': (code) => `\u202d${code}\u202c`,
}

for (const engine of engines) {
  test(`${engine.name}: codes are accepted in all forms that keyboards and copying produce`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const seen = new Set<string>()
    let token = ''
    const outbox = app.environment.SUMUN_DATA as string
    for (const [how, spell] of Object.entries(spellings)) {
      const { id } = await beginAttempt(app, { purpose: 'sign-in', login_hint: user.email })
      await beginMethod(app, id, 'email-code')
      const { code = '' } = await messageTo(
        outbox,
        user.email,
        ({ code, subject }) => /sign-in code/.test(subject) && code !== undefined && !seen.has(code),
      )
      seen.add(code)
      const reply = await answerMethod(app, id, 'email-code', { code: spell(code) })
      assert.equal(reply.status, 200, `${how}: ${JSON.stringify(reply.body)}`)
      token = reply.body.access_token
      if (how !== 'marks of direction') app.clock.advance(11 * 60_000)
    }
    const phone = await enrolTotp(app, token)
    for (const [how, spell] of Object.entries(spellings)) {
      app.clock.advance(31_000)
      const code = spell(phone.codeAt(app.clock.now()))
      const reply = await app.post('/login', {
        json: { username: user.email, password: user.password, code },
      })
      assert.equal(reply.status, 200, `${how}: ${JSON.stringify(reply.body)}`)
    }
  })
}

test('/login reports an unreadable code together with the offers', async (t) => {
  const app = await server(t)
  const user = await app.user()
  await enrolTotp(app, user.accessToken)
  for (const code of ['12345', '12345678901', 'abc', '⑫34', '一二三四五六']) {
    const { status, body } = await app.post('/login', {
      json: { username: user.email, password: user.password, code },
    })
    assert.deepEqual(
      [status, body.code, body.errors?.[0]?.field],
      [403, 'more_evidence_required', '/code'],
      code,
    )
  }
  const without = await app.post('/login', { json: { username: user.email, password: user.password } })
  assert.equal(without.body.errors, undefined)
})
