import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openBrowser } from '../support/users.ts'

// Published lists, and their usual variants with a digit.
const common =
  `linkedin 1password password! michelle1 password1 iloveyou1 sunshine1 princess1 football1 superman1 qwerty123 1q2w3e4r5t
  letmein123 welcome123 baseball1 trustno1! charlie123 jordan2323 1qaz2wsx3edc P@ssw0rd123 Passw0rd!! dragon1234 monkey12345 0987654321
  asdfghjkl1 zxcvbnm123 qwertyuiop1 Password2026 Summer2026! michael123 liverpool1 chelsea123 abcd1234! contraseña1 azertyuiop motdepasse1
  passwort123 hallo12345 qwertz1234 sayang1234 anhyeuem123`.split(/\s+/)
// 두벌식 typed with the keyboard in Latin: 비밀번호, 사랑해요, 안녕하세요, 대한민국, 관리자
const korean = [
  'qlalfqjsgh',
  'qlalfqjsgh1',
  'tkfkdgody1',
  'dkssudgktpdy',
  'dkssudgktpdy!',
  'eogksalsrnr1',
  'rhksflwk1234',
]

test('passwords of published lists are refused, also with digits and leet', async (t) => {
  const app = await server(t)
  const passed: string[] = []
  for (const password of [...common, ...korean]) {
    const reply = await app.post('/v1/accounts', {
      json: { username: `u${passed.length}-${password.length}-${Math.random()}`.slice(0, 30), password },
    })
    if (reply.body.code !== 'weak_password')
      passed.push(`${password} ${reply.status} ${reply.body.code ?? ''}`)
  }
  assert.deepEqual(passed, [])
})

test("the site's own name and one's own words are refused in any mix with a short padding, and a long phrase is not", async (t) => {
  const app = await server(t, { settings: { SUMUN_SITE_NAME: 'Paper Boats' } })
  const own = { email: 'jisoo.park@harbour.example', username: 'jisoo', name: 'Park Jisoo' }
  for (const password of [
    'paperboats',
    'PaperBoats2026',
    'paperboatspaperboats',
    'p4perb0ats!!',
    'jisoo1234',
    'jisoo.park1234',
    'parkjisoo99',
    'jisoojisoo',
    '1234jisoo',
    'JisooPark!!',
    'paperjisoo1',
    'harbour2026!',
  ]) {
    const reply = await app.post('/v1/accounts', { json: { ...own, password } })
    assert.equal(reply.body.code, 'weak_password', `${password}: ${reply.status}`)
  }
  const good = await app.post('/v1/accounts', {
    json: { ...own, password: 'paper boats drift past the harbour wall' },
  })
  assert.equal(good.status, 201, JSON.stringify(good.body))
})

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: changing a password needs the current one, keeps this session, and ends the others`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const browser = openBrowser(app)
      const here = (await browser.post('/login', { username: user.email, password: user.password })).body
      const cookie = [...browser.cookies.values()].join()
      const change = (json: object) =>
        browser.post('/v1/me/credentials/password/answer', json, { token: here.access_token })
      const password = 'seven herons over the weir'
      const missing = await change({ password })
      assert.deepEqual([missing.status, missing.body.errors?.[0]?.field], [400, '/current_password'])
      const wrong = await change({ password, current_password: 'not the password at all' })
      assert.deepEqual([wrong.status, wrong.body.code], [400, 'answer_refused'])
      const changed = await change({ password, current_password: user.password })
      assert.equal(changed.status, 201, JSON.stringify(changed.body))
      assert.ok(changed.body.refresh_token && changed.body.refresh_token !== here.refresh_token)
      assert.notEqual([...browser.cookies.values()].join(), cookie, 'a new cookie')
      assert.equal((await app.post('/refresh', { json: { refresh_token: here.refresh_token } })).status, 401)
      assert.equal(
        (await app.post('/refresh', { json: { refresh_token: changed.body.refresh_token } })).status,
        200,
      )
      assert.equal((await browser.get('/account')).status, 200)
      assert.equal(
        (await app.get('/protected', { token: user.accessToken })).status,
        401,
        'another session has ended',
      )
    },
  )

  test(`${engine.name}: guesses of the current password are throttled too`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const statuses: number[] = []
    for (let i = 0; i < 8; i++)
      statuses.push(
        (
          await app.post('/v1/me/credentials/password/answer', {
            json: { password: 'seven herons over the weir', current_password: `wrong number ${i} of some` },
            token: user.accessToken,
          })
        ).status,
      )
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429, 429, 429])
  })

  test(`${engine.name}: a recovered session is not asked for the lost password`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const begun = await app.post('/v1/attempts', { json: { purpose: 'recover', login_hint: user.email } })
    await app.post(`/v1/attempts/${begun.body.id}/email-code`, { json: {} })
    const { code } = await messageTo(
      app.environment.SUMUN_DATA as string,
      user.email,
      (mail) =>
        /sign-in code|code|Recover your account/.test(mail.subject) &&
        mail.code !== undefined &&
        !/confirm/i.test(mail.subject),
    )
    const done = await app.post(`/v1/attempts/${begun.body.id}/email-code/answer`, { json: { code } })
    assert.equal(done.body.status, 'done', JSON.stringify(done.body))
    const set = await app.post('/v1/me/credentials/password/answer', {
      json: { password: 'seven herons over the weir' },
      token: done.body.access_token,
    })
    assert.equal(set.status, 201, JSON.stringify(set.body))
  })
}
