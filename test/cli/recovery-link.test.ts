import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'
import { enrolTotp, openBrowser } from '../support/users.ts'

const newPassword = 'seven herons over the weir'

/** What an operator does at the terminal; the token of the link. */
async function linkFor(app: TestServer, name: string, ...more: string[]): Promise<string> {
  const environment = { ...app.environment, SUMUN_ISSUER: app.url }
  const made = await sumun(['user', 'recovery-link', name, '--json', ...more], { environment })
  assert.equal(made.exitCode, 0, made.stderr)
  const link = new URL(made.json.link)
  assert.equal(link.origin + link.pathname, `${app.url}/recover/link`)
  return link.searchParams.get('token') as string
}

for (const engine of engines) {
  const options = { skip: engine.skip, timeout: 180_000 }

  test(
    `${engine.name}: an operator’s recovery link sets a new password once, and a preview does not use it up`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const token = await linkFor(app, user.email)
      const browser = openBrowser(app)
      for (const method of ['HEAD', 'GET', 'GET'])
        assert.equal((await browser.call(method, `/recover/link?token=${token}`)).status, 200, method)
      assert.ok((await browser.get(`/recover/link?token=${token}`)).body.includes(user.email))
      assert.equal(
        (
          await browser.call('POST', '/recover/link', {
            form: { token },
            headers: { 'sec-fetch-site': 'cross-site' },
          })
        ).status,
        403,
      )
      const followed = await browser.call('POST', '/recover/link', { form: { token } })
      assert.deepEqual([followed.status, followed.headers.get('location')], [303, '/account/recovered'])
      const page = await browser.get('/account/ways/password')
      assert.equal(page.status, 200)
      assert.doesNotMatch(page.body, /current-password/)
      const set = await browser.call('POST', '/account/ways/password', { form: { password: newPassword } })
      assert.equal(set.status, 303, set.body)
      assert.equal(
        (await app.post('/login', { json: { username: user.email, password: user.password } })).status,
        400,
      )
      assert.equal(
        (await app.post('/login', { json: { username: user.email, password: newPassword } })).status,
        200,
      )
      for (const again of [token, '', 'x'.repeat(43)])
        assert.equal(
          (await openBrowser(app).call('POST', '/recover/link', { form: { token: again } })).status,
          410,
        )
      const kinds = (
        await sumun(['audit', 'tail', '--lines', '50', '--json'], { environment: app.environment })
      ).stdout
      for (const kind of ['ticket.issued', 'account.recovered']) assert.ok(kinds.includes(kind), kind)
      assert.ok(!kinds.includes(token))
    },
  )

  test(`${engine.name}: of two concurrent uses of the link, one succeeds`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const token = await linkFor(app, user.email)
    const follow = () => openBrowser(app).call('POST', '/recover/link', { form: { token } })
    const statuses = (await Promise.all(Array.from({ length: 8 }, follow))).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [303, ...Array(7).fill(410)])
  })

  test(
    `${engine.name}: a link is invalid after a newer one, after its hours, and for a disabled account`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const follow = async (token: string) =>
        (await openBrowser(app).call('POST', '/recover/link', { form: { token } })).status
      const first = await linkFor(app, user.email)
      const second = await linkFor(app, user.email, '--hours', '2')
      assert.equal(await follow(first), 410)
      app.clock.advance(2 * 3_600_000 + 1000)
      assert.equal(await follow(second), 410)
      const third = await linkFor(app, user.email)
      await sumun(['user', 'disable', user.email], { environment: app.environment })
      assert.equal(await follow(third), 410)
      assert.equal(
        (await sumun(['user', 'recovery-link', user.email], { environment: app.environment })).exitCode,
        1,
      )
      await sumun(['user', 'enable', user.email], { environment: app.environment })
      assert.equal(await follow(third), 410)
      const bad = await sumun(['user', 'recovery-link', user.email, '--hours', '9999'], {
        environment: app.environment,
      })
      assert.deepEqual([bad.exitCode, /--hours takes/.test(bad.stderr)], [1, true])
    },
  )

  test(
    `${engine.name}: a link is one proof: an enrolled second factor is required as well`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      await enrolTotp(app, user.accessToken)
      const browser = openBrowser(app)
      const followed = await browser.call('POST', '/recover/link', {
        form: { token: await linkFor(app, user.email) },
      })
      assert.equal(followed.status, 303)
      assert.match(followed.headers.get('location') ?? '', /^\/signin\/att_/)
      assert.equal(browser.cookies.has('sumun_session'), false)
      assert.equal((await browser.get('/account')).status, 303)
    },
  )
}
