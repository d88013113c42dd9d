import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { Attribute, Change } from 'ldapts'
import type { AccountId } from '../../src/domain/id.ts'
import { updateConnection } from '../../src/engine/connections/connections.ts'
import { checkDirectories } from '../../src/engine/organisations/check-directory.ts'
import { updateMember } from '../../src/engine/organisations/members.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { company, connectLdap, directoryUser, dnOf, signInLdap } from '../support/ldap.ts'
import { asOperator } from '../support/operator.ts'
import { organisation, verifiedDomain } from '../support/organisations.ts'
import { baseDn, type Slapd, skipWithoutSlapd, startSlapd } from '../support/slapd.ts'
import { sumun } from '../support/sumun.ts'

const quarter = 15 * 60_000
const set = (slapd: Slapd, cn: string, type: string, value: string) =>
  slapd.change((client) =>
    client.modify(
      dnOf(cn),
      new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }),
    ),
  )

async function signIn(app: TestServer, login: string, username = login) {
  const { status, body } = await signInLdap(app, {
    username,
    password: `pw-${login}`,
    connection: 'corp',
  })
  assert.equal(status, 200, JSON.stringify(body))
  let tokens = body as { access_token: string; refresh_token: string }
  return {
    accountId: decodeJwt(tokens.access_token).sub as AccountId,
    /** Access tokens expire on the way: the session renews them, or has ended. */
    async isIn() {
      const renewed = await app.post('/refresh', { json: { refresh_token: tokens.refresh_token } })
      if (renewed.status === 200) tokens = renewed.body
      return (
        renewed.status === 200 && (await app.get('/v1/me', { token: tokens.access_token })).status === 200
      )
    },
  }
}

for (const engine of engines) {
  const options = { skip: engine.skip || skipWithoutSlapd }

  test(
    `${engine.name}: who is disabled or gone in the directory is out within a quarter of an hour, and no one else`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      const { engine: running } = app.running
      const own = await organisation(app)
      await verifiedDomain(app, own)
      const settings = { roles: { Engineers: 'developer' } }
      const connection = await connectLdap(app, slapd, { organisationId: own.id, settings })
      const [akim, ckim, eahn] = [
        await signIn(app, 'akim'),
        await signIn(app, 'ckim'),
        await signIn(app, 'eahn'),
      ]
      const local = await app.user()
      const isMember = async ({ accountId }: { accountId: AccountId }) =>
        (await running.store.memberships.find({ organisationId: own.id, accountId })) !== undefined
      await checkDirectories(running)
      assert.deepEqual(await Promise.all([akim.isIn(), ckim.isIn(), eahn.isIn()]), [true, true, true])

      await set(slapd, 'Ada Kim', 'userAccountControl', '514')
      // Another node has asked in this quarter of an hour.
      await checkDirectories(running)
      assert.equal(await akim.isIn(), true)
      app.clock.advance(quarter)
      slapd.hang(true)
      await assert.rejects(checkDirectories(running))
      slapd.hang(false)
      assert.equal(await akim.isIn(), true, 'a directory that does not answer says nothing of anyone')
      app.clock.advance(quarter)
      await checkDirectories(running)
      assert.deepEqual([await akim.isIn(), await isMember(akim)], [false, false])
      assert.deepEqual(await Promise.all([ckim.isIn(), eahn.isIn()]), [true, true])
      assert.equal((await app.post('/refresh', { json: { refresh_token: local.refreshToken } })).status, 200)

      // One who comes back by a passkey when the directory fails stays a member, without sessions by it.
      const change = { breakGlass: true }
      const about = { organisation: own, accountId: eahn.accountId, actor: 'test', byOperator: true }
      await updateMember(running, { ...about, change })
      await slapd.change((client) => client.del(dnOf('Eun*Star Ahn')))
      await slapd.change((client) => client.del(dnOf('김철수')))
      app.clock.advance(quarter)
      await checkDirectories(running)
      assert.deepEqual([await isMember(ckim), await isMember(eahn)], [false, true])
      assert.deepEqual(await Promise.all([ckim.isIn(), eahn.isIn()]), [false, false])
      // Enabled again, the next sign-in makes a member of them.
      await set(slapd, 'Ada Kim', 'userAccountControl', '512')
      app.clock.advance(quarter)
      const back = await signIn(app, 'akim')
      assert.deepEqual([back.accountId, await isMember(back)], [akim.accountId, true])
      const filter = '(sAMAccountName=nobody)'
      await updateConnection(running, {
        ...{ connection, revision: null, change: { settings: { filter } }, actor: 'test' },
      })
      app.clock.advance(quarter)
      await checkDirectories(running)
      assert.equal(await isMember(back), false, 'who no longer matches the filter cannot sign in either')
    },
  )

  test(
    `${engine.name}: a directory from which too many are gone ends nothing until an operator says so`,
    options,
    async (t) => {
      const logins = Array.from({ length: 8 }, (_, place) => `person${place}`)
      const people = Object.assign(
        {},
        ...logins.map((login, place) => directoryUser(login, login, 30 + place)),
      )
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, { ...company, ...people })]
      const { engine: running } = app.running
      const connection = await connectLdap(app, slapd)
      const signedIn = [await signIn(app, 'akim')]
      for (const login of logins) signedIn.push(await signIn(app, login))
      const areIn = async () => (await Promise.all(signedIn.map((one) => one.isIn()))).filter(Boolean).length
      // A base where no one is, as after a move in the directory.
      const moved = await updateConnection(running, {
        ...{ connection, revision: null, actor: 'test' },
        change: { settings: { base_dn: `ou=Groups,${baseDn}` } },
      })
      await assert.rejects(checkDirectories(running), /9 of 9 users are gone from corp: nothing was ended/)
      assert.equal(await areIn(), 9)
      const token = await asOperator(app)
      const { body } = await app.get('/v1/admin/events?kind=connection.check_held', { token })
      assert.deepEqual(body.events[0].details, { slug: 'corp', checked: 9, gone: 9 })
      const run = (words: string[]) =>
        sumun(words, { environment: { ...app.environment, SUMUN_ISSUER: app.url }, input: '' })
      const asked = await run(['connection', 'check', 'corp'])
      assert.deepEqual([asked.exitCode, /9 of 9 users are gone.*--yes/s.test(asked.stderr)], [1, true])
      assert.equal(await areIn(), 9)
      // Six of nine, of the true base: still more than one in ten.
      await updateConnection(running, {
        ...{ connection: moved, revision: null, actor: 'test' },
        change: { settings: { base_dn: baseDn } },
      })
      for (const login of logins.slice(0, 6)) await slapd.change((client) => client.del(dnOf(login)))
      app.clock.advance(quarter)
      await assert.rejects(checkDirectories(running), /6 of 9/)
      const told = await run(['connection', 'check', 'corp', '--yes'])
      assert.deepEqual([told.exitCode, /6 of 9.*person5\.mail@corp\.example/s.test(told.stdout)], [0, true])
      app.clock.advance(1000)
      await running.revocations.poll()
      assert.equal(await areIn(), 3)
      app.clock.advance(quarter)
      await checkDirectories(running)
    },
  )

  test(
    `${engine.name}: an account that 389 Directory Server locks is out, and cannot sign in`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      await connectLdap(app, slapd, { preset: 'ldap', settings: { login: ['mail'], name: 'cn' } })
      const username = 'akim.mail@corp.example'
      const akim = await signIn(app, 'akim', username)
      await set(slapd, 'Ada Kim', 'nsAccountLock', 'TRUE')
      await checkDirectories(app.running.engine)
      assert.equal(await akim.isIn(), false)
      const { status, body } = await signInLdap(app, { username, password: 'pw-akim', connection: 'corp' })
      assert.deepEqual([status, body.notes?.upstream], [400, 'disabled'])
    },
  )
}
