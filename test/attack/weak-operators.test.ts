import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { decodeJwt } from 'jose'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import { addAccount } from '../../src/engine/accounts/add-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { goodPassword } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { clockStandingStill, server, type TestServer } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, callback, discover, exchange, request } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod, enrolTotp } from '../support/users.ts'

const name = 'root-of-all'

async function addOperator(app: TestServer): Promise<void> {
  const credential = { method: 'password', answer: { password: goodPassword } }
  const given = {
    identifiers: { username: name },
    name: null,
    locale: 'en',
    kind: 'person',
    role: 'operator',
  } as const
  await addAccount(app.running.engine, {
    ...given,
    credential,
    requester: systemRequester(app.running.engine),
    actor: 'test',
  })
}

function policyFile(document: unknown): string {
  const folder = temporaryFolder()
  const path = join(folder, 'policy.json')
  writeFileSync(path, JSON.stringify(document))
  return path
}

/**
 * An operator with a password and an app, made under the default policy, on a server that has the strict one
 * since.
 */
async function strictServer(t: TestContext, engine: (typeof engines)[number]) {
  // only the code of this very step is taken
  const before = await server(t, { engine, clock: clockStandingStill() })
  await addOperator(before)
  const first = (await before.post('/login', { json: { username: name, password: goodPassword } })).body
    .access_token
  const phone = await enrolTotp(before, first)
  await before.stop()
  const app = await server(t, {
    environment: before.environment,
    clock: before.clock,
    settings: { SUMUN_POLICY: 'asvs-l3' },
  })
  app.clock.advance(60_000)
  return { app, phone }
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an operator without the required evidence is signed in without the role’s permissions, at every endpoint`,
    options,
    async (t) => {
      const { app, phone } = await strictServer(t, engine)
      const signIn = { username: name, password: goodPassword, scope: 'account admin' }
      const { status, body } = await app.post('/login', {
        json: { ...signIn, code: phone.codeAt(app.clock.now()) },
      })
      assert.equal(status, 200, JSON.stringify(body))
      assert.doesNotMatch(body.scope, /admin/)
      assert.equal((await app.get('/v1/admin/accounts', { token: body.access_token })).status, 403)
      const refreshed = await app.post('/refresh', { json: { refresh_token: body.refresh_token } })
      assert.doesNotMatch(refreshed.body.scope, /admin/)
      assert.equal((await app.get('/v1/admin/accounts', { token: refreshed.body.access_token })).status, 403)

      // An application of theirs, over the same session, at the provider.
      const config = await discover(app, await application(app, { scope: 'openid admin' }))
      const asked = await request(config, { scope: 'openid admin' })
      app.clock.advance(30_000)
      const browser = openPageBrowser(app.url)
      const named = await browser.submit(await browser.open(asked.url), { username: name })
      const proved = await browser.submit(named, { password: goodPassword })
      const end = await browser.submit(proved, { code: phone.codeAt(app.clock.now()) })
      assert.ok(end.url.startsWith(callback), `${end.url} ${end.text}`)
      const tokens = await exchange(config, asked, end.url)
      assert.doesNotMatch(String(tokens.scope), /admin/)
      const admin = await app.get('/v1/admin/accounts', { token: tokens.access_token })
      assert.ok(admin.status === 401 || admin.status === 403, String(admin.status))

      // With what the role needs, the role is granted.
      const key = new SoftwareAuthenticator(app.url)
      app.clock.advance(30_000)
      const again = (await app.post('/login', { json: { ...signIn, code: phone.codeAt(app.clock.now()) } }))
        .body
      await enrolMethod(app, again.access_token, 'passkey', (challenge) => key.register(challenge))
      const attempt = await beginAttempt(app, { purpose: 'sign-in', scope: 'account admin' })
      const challenge = await beginMethod(app, attempt.id, 'passkey')
      const done = await answerMethod(app, attempt.id, 'passkey', key.authenticate(challenge))
      assert.match(String(decodeJwt(done.body.access_token).scope), /admin/, JSON.stringify(done.body))
      assert.equal((await app.get('/v1/admin/accounts', { token: done.body.access_token })).status, 200)
    },
  )

  test(
    `${engine.name}: permissions granted under a milder policy end with a stricter one`,
    options,
    async (t) => {
      const before = await server(t, { engine })
      await addOperator(before)
      const signIn = { username: name, password: goodPassword, scope: 'account admin' }
      const phone = await enrolTotp(before, (await before.post('/login', { json: signIn })).body.access_token)
      before.clock.advance(30_000)
      const held = (
        await before.post('/login', { json: { ...signIn, code: phone.codeAt(before.clock.now()) } })
      ).body
      assert.equal((await before.get('/v1/admin/accounts', { token: held.access_token })).status, 200)
      await before.stop()
      const app = await server(t, {
        environment: before.environment,
        clock: before.clock,
        settings: { SUMUN_POLICY: 'asvs-l3' },
      })
      assert.notEqual((await app.get('/v1/admin/accounts', { token: held.access_token })).status, 200)
    },
  )
}

const operation = (acr: string) => ({ acr, ageSecondsMax: 600 })
const aal2ForAccount = {
  extends: 'default',
  operations: { account: operation('aal2'), identifiers: operation('aal1'), credentials: operation('aal1') },
}

test('a step-up ends when its own operation is satisfied, and not before', async (t) => {
  const app = await server(t, { engine: sqlite, settings: { SUMUN_POLICY: policyFile(aal2ForAccount) } })
  const user = await verifiedUser(app)
  const token = user.accessToken
  const asked = await app.call('DELETE', '/v1/me', { token })
  assert.deepEqual(
    [asked.status, asked.body.code, asked.body.operation],
    [401, 'insufficient_user_authentication', 'account'],
  )
  const attempt = await beginAttempt(app, { purpose: 'step-up', operation: asked.body.operation }, token)
  const half = await answerMethod(app, attempt.id, 'password', { password: user.password })
  assert.equal(
    half.body.status,
    'more',
    `the password alone is not enough for this: ${JSON.stringify(half.body)}`,
  )
  const other = await beginAttempt(app, { purpose: 'step-up', operation: 'credentials' }, token)
  const whole = await answerMethod(app, other.id, 'password', { password: user.password })
  assert.equal(whole.body.status, 'done', JSON.stringify(whole.body))
  const wrong = await app.post('/v1/attempts', {
    json: { purpose: 'step-up', operation: 'everything' },
    token,
  })
  assert.equal(wrong.status, 400)
})

test('pages ask for the evidence of their operation, without loops', async (t) => {
  const app = await server(t, { engine: sqlite, settings: { SUMUN_POLICY: policyFile(aal2ForAccount) } })
  const user = await verifiedUser(app)
  const browser = openPageBrowser(app.url)
  const named = await browser.submit(await browser.open(`${app.url}/signin`), { username: user.email })
  const home = await browser.submit(named, { password: user.password })
  assert.ok(home.url.endsWith('/account'), home.url)
  const asked = await browser.open(`${app.url}/account/delete`)
  assert.match(asked.url, /\/signin\/att_/, 'a password a moment ago is enough for most, and not for this')
  const half = await browser.submit(asked, { password: user.password })
  const begun = await browser.submit(half, { method: 'email-code', step: 'begin' })
  const { code = '' } = await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
    /sign-in code/.test(subject),
  )
  const end = await browser.submit(begun, { code })
  assert.equal(new URL(end.url).pathname, '/account/delete', end.text)
  assert.match(end.text, /action="\/account\/delete"/)
})
