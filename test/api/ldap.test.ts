import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { Attribute, Change } from 'ldapts'
import { testConnection } from '../../src/engine/connections/connections.ts'
import { makeAuthority } from '../support/authority.ts'
import { engines } from '../support/engines.ts'
import { clockStandingStill, server, type TestServer } from '../support/fixture.ts'
import { company, connectLdap, dnOf, signInLdap } from '../support/ldap.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { organisation, verifiedDomain } from '../support/organisations.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { baseDn, type Slapd, skipWithoutSlapd, startSlapd } from '../support/slapd.ts'
import { answerMethod, beginAttempt } from '../support/users.ts'

const replace = (type: string, values: string[]) =>
  new Change({ operation: 'replace', modification: new Attribute({ type, values }) })
const set = (slapd: Slapd, cn: string, type: string, ...values: string[]) =>
  slapd.change((client) => client.modify(dnOf(cn), replace(type, values)))
const rolesOf = async (app: TestServer, token: string) =>
  (await app.get('/v1/me/organisations', { token })).body.organisations.map(
    ({ slug, roles }: { slug: string; roles: string[] }) => [slug, roles],
  )
const refusedBy = async (app: TestServer, username: string, password: string, advance = 3600_000) => {
  app.clock.advance(advance)
  const { status, body } = await signInLdap(app, { username, password })
  assert.equal(status, 400, JSON.stringify(body))
  assert.equal(body.code, 'answer_refused')
  return body.notes?.upstream
}

for (const engine of engines) {
  const options = { skip: engine.skip || skipWithoutSlapd }

  test(
    `${engine.name}: a person of the directory signs in by each name, to one account`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      await connectLdap(app, slapd, { domains: ['corp.example'] })
      const password = 'pw-akim'
      const first = await signInLdap(app, { username: 'akim', password })
      assert.equal(first.status, 200, JSON.stringify(first.body))
      const { sub, amr } = decodeJwt(first.body.access_token)
      assert.deepEqual(amr, ['pwd'])
      const me = (await app.get('/v1/me', { token: first.body.access_token })).body
      assert.deepEqual([me.name, me.email, me.email_verified], ['Ada Kim', 'akim.mail@corp.example', true])
      for (const username of ['AKIM', 'akim@corp.example', 'akim.mail@corp.example', 'CORP\\akim']) {
        const again = await signInLdap(app, { username, password })
        assert.equal(again.status, 200, `${username}: ${JSON.stringify(again.body)}`)
        assert.equal(decodeJwt(again.body.access_token).sub, sub)
      }
      // Renamed there: what identifies the account stays.
      await slapd.change((client) => client.modifyDN(dnOf('Ada Kim'), 'cn=Ada Lovelace'))
      await set(slapd, 'Ada Lovelace', 'sAMAccountName', 'alovelace')
      const renamed = await signInLdap(app, { username: 'alovelace', password })
      assert.equal(decodeJwt(renamed.body.access_token).sub, sub)
      assert.equal(await refusedBy(app, 'akim', password), undefined)
      const korean = await signInLdap(app, { username: 'ckim', password: 'pw-ckim' })
      assert.equal((await app.get('/v1/me', { token: korean.body.access_token })).body.name, '김철수')
    },
  )

  test(
    `${engine.name}: who is disabled or must change the password there is told so, if it is right`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      await connectLdap(app, slapd)
      assert.equal(await refusedBy(app, 'akim', 'wrong'), undefined)
      assert.equal(await refusedBy(app, 'nobody', 'pw-akim'), undefined)
      assert.equal(await refusedBy(app, 'blee', 'pw-blee'), 'expired')
      assert.equal(await refusedBy(app, 'dcho', 'pw-dcho'), 'disabled')
      assert.equal(await refusedBy(app, 'gone', 'pw-gone'), 'disabled')
      for (const name of ['blee', 'dcho', 'gone'])
        assert.equal(await refusedBy(app, name, 'wrong'), undefined)
      // Its password never expires.
      assert.equal((await signInLdap(app, { username: 'eahn', password: 'pw-eahn' })).status, 200)
      // Two have the name.
      assert.equal(await refusedBy(app, 'twin', 'pw-twin'), undefined)
      assert.equal(await refusedBy(app, 'twin', 'pw-other'), undefined)
    },
  )

  test(
    `${engine.name}: an organisation’s people come by its directory, and groups become roles`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'closed' } })
      const slapd = await startSlapd(t, company)
      const own = await organisation(app)
      await verifiedDomain(app, own)
      const roles = { Everyone: 'employee', 'Loop A': 'looper', 'Domain Users': 'primary', Backend: 'admin' }
      await connectLdap(app, slapd, { organisationId: own.id, settings: { roles } })
      const offersTo = async (login_hint: string) =>
        (await beginAttempt(app, { purpose: 'sign-in', login_hint })).offers.includes('ldap')
      assert.deepEqual(
        [await offersTo('kim@corp.example'), await offersTo('kim@elsewhere.example')],
        [true, false],
      )
      const typed = { username: 'akim@corp.example', password: 'pw-akim' }
      const ada = await signInLdap(app, typed)
      assert.equal(ada.status, 200, JSON.stringify(ada.body))
      // By a group in a group, a loop of groups, and the primary group, which lists no one.
      assert.deepEqual(await rolesOf(app, ada.body.access_token), [
        ['hangang', ['employee', 'looper', 'primary']],
      ])
      await slapd.change((client) =>
        client.modify(`cn=Engineers,ou=Groups,${baseDn}`, replace('member', [dnOf('김철수')])),
      )
      const later = await signInLdap(app, typed)
      assert.deepEqual(await rolesOf(app, later.body.access_token), [['hangang', ['looper', 'primary']]])
      // Without the name of the organisation in what is typed, the hint or the connection says which it is.
      const typing = { username: 'akim', password: 'pw-akim' }
      assert.equal((await signInLdap(app, typing)).status, 400)
      assert.equal((await signInLdap(app, typing, 'kim@corp.example')).status, 200)
      assert.equal((await signInLdap(app, { ...typing, connection: 'corp' })).status, 200)
    },
  )

  test(
    `${engine.name}: an owned address joins the account that has it; any other is proved first`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      await connectLdap(app, slapd, { domains: ['corp.example'] })
      const owner = await verifiedUser(app, { email: 'akim.mail@corp.example' })
      const joined = await signInLdap(app, { username: 'akim', password: 'pw-akim' })
      assert.equal(decodeJwt(joined.body.access_token).sub, owner.accountId)
      const other = await verifiedUser(app, { email: 'someone@elsewhere.example' })
      await set(slapd, '김철수', 'mail', other.email)
      const stranger = await signInLdap(app, { username: 'ckim', password: 'pw-ckim' })
      assert.equal(stranger.status, 200)
      const me = (await app.get('/v1/me', { token: stranger.body.access_token })).body
      assert.notEqual(me.id, other.accountId)
      assert.equal(me.email_verified, false)
    },
  )

  test(
    `${engine.name}: guesses are counted by the name that is typed, in whatever spelling and attempt`,
    options,
    async (t) => {
      const [app, slapd] = [
        await server(t, { engine, clock: clockStandingStill() }),
        await startSlapd(t, company),
      ]
      await connectLdap(app, slapd)
      const statuses = new Set<number>()
      for (const username of [
        'akim',
        'AKIM',
        'aKim',
        'ａｋｉｍ',
        'akIM',
        'AKim',
        'akim',
        'Akim',
        'akiM',
        'AkIm',
        'akim',
      ])
        statuses.add((await signInLdap(app, { username, password: 'wrong' }, `${username}@x.example`)).status)
      assert.deepEqual(statuses, new Set([400, 429]))
      const spellings = [...['akim', 'X\\akim', 'Y\\AKIM', 'ákim', 'a\u0300\u0301kim', '\u00a0akim\u00a0']]
      for (const username of spellings)
        assert.equal((await signInLdap(app, { username, password: 'pw-akim' })).status, 429, username)
      // What a directory skips when it compares would be another spelling each time.
      for (const username of [
        'ak\u00adim',
        'ak\u200bim',
        ' akim',
        'akim ',
        'a  kim',
        'akim\ufe0f',
        'akim\u0000',
      ])
        assert.equal((await signInLdap(app, { username, password: 'pw-akim' })).status, 400)
      const { body } = await signInLdap(app, { username: 'ak\u00adim', password: 'pw-akim' })
      assert.equal(body.code, 'invalid_fields')
    },
  )

  test(
    `${engine.name}: a directory that hangs holds up no one else, and counts nothing`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await startSlapd(t, company)]
      await connectLdap(app, slapd)
      const user = await app.user()
      slapd.hang(true)
      const waiting = Array.from({ length: 20 }, () =>
        signInLdap(app, { username: 'akim', password: 'pw-akim', connection: 'corp' }),
      )
      const json = { username: user.email, password: user.password }
      assert.equal((await app.post('/login', { json })).status, 200)
      for (const { status, body } of await Promise.all(waiting))
        assert.ok(
          (status === 503 && body.code === 'upstream_unavailable') || status === 429,
          JSON.stringify(body),
        )
      slapd.hang(false)
      app.clock.advance(60_000)
      assert.equal((await signInLdap(app, { username: 'akim', password: 'pw-akim' })).status, 200)
    },
  )

  test(`${engine.name}: on the pages, an address leads to the form of its directory`, options, async (t) => {
    const app = await server(t, { engine })
    const slapd = await startSlapd(t, company)
    const own = await organisation(app, { policy: { methods: ['ldap'] } as never })
    await verifiedDomain(app, own)
    await connectLdap(app, slapd, { organisationId: own.id })
    const browser = openPageBrowser(app.url)
    const username = 'akim@corp.example'
    const sent = await browser.submit(await browser.open(`${app.url}/signin`), { username })
    const asked = await browser.submit(sent, {}, '/signin/with/corp')
    assert.match(asked.text, /한강전기/)
    assert.match(asked.text, /value="akim@corp.example"/)
    const wrong = await browser.submit(asked, { username, password: 'wrong' })
    assert.match(wrong.text, /The user name or password is not right/)
    const expired = await browser.submit(wrong, { username: 'blee@corp.example', password: 'pw-blee' })
    assert.match(expired.text, /Your password has expired/)
    const back = await browser.open(wrong.url)
    const done = await browser.submit(back, { username: ` ${username} `, password: 'pw-akim' })
    assert.match(new URL(done.url).pathname, /^\/account/, done.text)
  })
}

const options = { skip: skipWithoutSlapd }

test(
  'the directory is reached by TLS only: LDAPS or StartTLS, by the authority and the name',
  options,
  async (t) => {
    const [app, slapd] = [await server(t), await startSlapd(t, company)]
    const elsewhere = (await makeAuthority('Other')).pem
    const byName = (url: string) => url.replace('127.0.0.1', 'localhost')
    const ways: [string, Record<string, unknown>, number][] = [
      ['ldaps', { urls: [slapd.ldaps] }, 200],
      ['starttls', { urls: [slapd.ldap] }, 200],
      ['second', { urls: ['ldaps://127.0.0.1:1', slapd.ldaps] }, 200],
      ['ldaps-ca', { urls: [slapd.ldaps], ca: elsewhere }, 503],
      ['starttls-ca', { urls: [slapd.ldap], ca: elsewhere }, 503],
      // The certificate is for the address.
      ['ldaps-name', { urls: [byName(slapd.ldaps)] }, 503],
      ['starttls-name', { urls: [byName(slapd.ldap)] }, 503],
    ]
    for (const [slug, settings, status] of ways) {
      const connection = await connectLdap(app, slapd, { slug, settings })
      const reply = await signInLdap(app, { username: 'akim', password: 'pw-akim', connection: slug })
      assert.equal(reply.status, status, `${slug}: ${JSON.stringify(reply.body)}`)
      const findings = await testConnection(app.running.engine, connection)
      assert.equal(
        findings.some(({ verdict }) => verdict === 'fault'),
        status !== 200 || slug === 'second',
        JSON.stringify(findings),
      )
    }
  },
)

test(
  'a template names the user without a search; what is special in a name is escaped',
  options,
  async (t) => {
    const [app, slapd] = [await server(t), await startSlapd(t, company)]
    const settings = { user_dn: `cn={username},ou=Users,${baseDn}` }
    await connectLdap(app, slapd, { settings })
    for (const username of ['Ada Kim', 'Eun*Star Ahn', '김철수']) {
      const login = { 'Ada Kim': 'akim', 'Eun*Star Ahn': 'eahn', 김철수: 'ckim' }[username]
      const reply = await signInLdap(app, { username, password: `pw-${login}` })
      assert.equal(reply.status, 200, `${username}: ${JSON.stringify(reply.body)}`)
    }
    assert.equal(await refusedBy(app, 'Cho, Dana', 'pw-dcho'), 'disabled')
    for (const username of [`Ada Kim,ou=Users,${baseDn}`, 'Ada Kim+sn=Ada Kim', 'x,cn=Ada Kim'])
      assert.equal(await refusedBy(app, username, 'pw-akim'), undefined)
  },
)

test('what is typed is a value, never a part of a filter', options, async (t) => {
  const [app, slapd] = [await server(t), await startSlapd(t, company)]
  await connectLdap(app, slapd)
  for (const username of [
    '*',
    'a*',
    'akim)(objectClass=*',
    'akim)(|(uid=*',
    '\\61kim',
    'akim\\2a',
    '*)(uid=*))(|(uid=*',
  ])
    assert.equal(await refusedBy(app, username, 'pw-akim'), undefined)
  // slapd takes a bind without a password as one of nobody: it must not get that far.
  for (const password of ['', '\u0000', '\u0000pw']) {
    app.clock.advance(3600_000)
    const { id } = await beginAttempt(app, { purpose: 'sign-in' })
    const { status, body } = await answerMethod(app, id, 'ldap', { username: 'akim', password })
    assert.equal(status, 400)
    assert.match(body.code, /^(invalid_fields|malformed_request)$/)
  }
})
