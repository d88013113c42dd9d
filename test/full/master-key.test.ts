import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { countRows } from '../support/change-database.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, discover, exchange, request, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { samlSp } from '../support/saml-sp.ts'
import { sumun } from '../support/sumun.ts'
import { enrolTotp } from '../support/users.ts'

for (const engine of engines)
  test(`${engine.name}: the master key is replaced by a restore: accounts, second factors, subjects and the audit log stay, tokens of the old key do not`, {
    skip: engine.skip,
    timeout: 90_000,
  }, async (t) => {
    const app = await server(t, { engine })
    const [plain, user] = [await verifiedUser(app), await verifiedUser(app)]
    const phone = await enrolTotp(app, user.accessToken)
    const client = await application(app, { subject_type: 'pairwise' })
    const issued = await sumun(['user', 'issue-key', plain.accountId, '--scope', 'v1.read', '--json'], {
      environment: app.environment,
    })
    assert.equal(issued.exitCode, 0, issued.stderr)
    const subjectAt = async (place: typeof app) => {
      const config = await discover(place, client)
      const asked = await request(config)
      const page = await signInBy(openPageBrowser(place.url), asked.url, plain)
      return (await exchange(config, asked, page.url)).claims()?.sub
    }
    const subject = await subjectAt(app)
    assert.ok(subject && subject !== plain.accountId)
    await app.post('/login', { json: { username: user.email, password: 'not this one' } })
    await app.running.engine.audit.seal()
    await samlSp(app)
    const certificateAt = async (place: typeof app) =>
      /<ds:X509Certificate>([^<]+)</.exec((await place.get('/saml/wiki/metadata')).body)?.[1]
    const certificate = await certificateAt(app)
    assert.ok(certificate)
    const file = join(temporaryFolder(), 'backup.gz')
    assert.equal((await sumun(['backup', file], { environment: app.environment })).exitCode, 0)
    const oldKey = readFileSync(join(app.environment.SUMUN_DATA as string, 'master.key'), 'utf8')
    const lines = (await sumun(['audit', 'verify', '--json'], { environment: app.environment })).json.lines
    await app.stop()

    const newKey = randomBytes(32).toString('base64url')
    const environment = { ...(await engine.prepare(t)), SUMUN_MASTER_KEY: newKey }
    const wrong = await sumun(['restore', file, '--old-key-stdin'], {
      environment,
      input: randomBytes(32).toString('base64url'),
    })
    assert.notEqual(wrong.exitCode, 0)
    const none = await sumun(['restore', file, '--old-key-stdin'], { environment, input: 'nonsense' })
    assert.match(none.stderr, /old master key/)
    const restored = await sumun(['restore', file, '--old-key-stdin'], { environment, input: oldKey })
    assert.equal(restored.exitCode, 0, restored.stderr)
    assert.notEqual(
      (await sumun(['user', 'list'], { environment: { ...environment, SUMUN_MASTER_KEY: oldKey.trim() } }))
        .exitCode,
      0,
    )

    const next = await server(t, { environment, clock: app.clock })
    await next.running.engine.audit.seal()
    const verified = (await sumun(['audit', 'verify', '--json'], { environment })).json
    assert.equal(verified.intact, true, JSON.stringify(verified))
    assert.ok(verified.lines > lines)
    assert.equal(await countRows(environment, 'SELECT COUNT(*) AS "count" FROM event WHERE seq IS NULL'), 0)
    assert.equal((await next.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 401)
    assert.equal((await next.get('/protected', { token: user.accessToken })).status, 401)
    app.clock.advance(60_000)
    const password = { username: user.email, password: user.password }
    assert.equal((await next.post('/login', { json: password })).status, 403)
    const signedIn = await next.post('/login', { json: { ...password, code: phone.codeAt(app.clock.now()) } })
    assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body))
    assert.equal(await subjectAt(next), subject)
    assert.equal(await certificateAt(next), certificate)
    assert.equal(
      (await next.get('/protected', { token: issued.json.key })).status,
      200,
      'a scope that begins as a sealed value does',
    )

    // And once more: the first key's subjects still stay.
    const again = join(temporaryFolder(), 'again.gz')
    await next.running.engine.audit.seal()
    assert.equal((await sumun(['backup', again], { environment })).exitCode, 0)
    const third = { ...(await engine.prepare(t)), SUMUN_MASTER_KEY: randomBytes(32).toString('base64url') }
    assert.equal(
      (await sumun(['restore', again, '--old-key-stdin'], { environment: third, input: newKey })).exitCode,
      0,
    )
    const last = await server(t, { environment: third, clock: app.clock })
    assert.equal(await subjectAt(last), subject)
  })
