import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { clientWith, scimClient, urn } from '../support/scim.ts'
import { sumun } from '../support/sumun.ts'

// A day of a company whose directory is Okta, and of one with Entra, with a token from the command line.
for (const engine of engines) {
  const on = { skip: engine.skip }

  test(`${engine.name}: a day with Okta`, on, async (t) => {
    const app = await server(t, { engine })
    const cli = (...words: string[]) => sumun([...words, '--json'], { environment: app.environment })
    const { organisationId } = await scimClient(app)
    const added = await cli('org', 'scim', 'add', 'corp', '--name', 'Okta', '--days', '30')
    assert.match(added.json.base_url, /\/scim\/v2$/)
    const okta = clientWith(app, added.json.token)
    // Morning: the connection is tested, and Kim begins.
    assert.equal((await okta.find('/Users?startIndex=1&count=2')).status, 200)
    assert.equal(
      (await okta.find('/Users?filter=userName%20eq%20%22kim%40corp.example%22')).body.totalResults,
      0,
    )
    const made = await okta.call('POST', '/Users', {
      ...{ schemas: [urn.user], userName: 'kim@corp.example', externalId: '00u1', active: true, groups: [] },
      ...{
        name: { givenName: '민지', familyName: '김' },
        displayName: '김민지',
        locale: 'ko-KR',
        password: 'ignored',
      },
      emails: [{ primary: true, value: 'kim@corp.example', type: 'work' }],
    })
    assert.equal(made.status, 201)
    const { id } = made.body
    const shown = await cli('user', 'show', 'kim@corp.example')
    assert.equal(shown.json.name, '김민지')
    assert.equal(shown.json.identifiers[0].verified, true)
    const reset = await sumun(['user', 'reset-password', 'kim@corp.example', '--password-stdin', '--json'], {
      ...{ environment: app.environment, input: goodPassword },
    })
    const signIn = (username: string) => app.post('/login', { json: { username, password: goodPassword } })
    assert.equal((await signIn('kim@corp.example')).status, 200, reset.stdout)
    // Noon: a group, a marriage, a new address.
    const group = await okta.call('POST', '/Groups', {
      schemas: [urn.group],
      displayName: 'Engineering',
      members: [],
    })
    await okta.patch(`/Groups/${group.body.id}`, {
      op: 'add',
      path: 'members',
      value: [{ value: id, display: 'kim' }],
    })
    const whole = (await okta.find(`/Users/${id}`)).body
    assert.deepEqual(
      whole.groups.map(({ display }: { display: string }) => display),
      ['Engineering'],
    )
    const renamed = await okta.call('PUT', `/Users/${id}`, {
      ...whole,
      ...{ userName: 'kim.park@corp.example', displayName: '박민지' },
      emails: [{ primary: true, value: 'kim.park@corp.example', type: 'work', display: '' }],
    })
    assert.equal(renamed.status, 200, JSON.stringify(renamed.body))
    assert.equal((await cli('user', 'show', 'kim.park@corp.example')).json.name, '박민지')
    assert.equal((await signIn('kim@corp.example')).status, 400)
    const { access_token: token } = (await signIn('kim.park@corp.example')).body
    // Evening: Kim leaves, and comes back the next morning.
    await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
    assert.equal((await app.get('/protected', { token })).status, 401)
    assert.equal((await signIn('kim.park@corp.example')).status, 403)
    await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: true } })
    assert.equal((await signIn('kim.park@corp.example')).status, 200)
    assert.equal((await okta.find(`/Groups/${group.body.id}`)).body.members.length, 1)
    const listed = await cli('org', 'scim', 'list', 'corp')
    const [, ours] = listed.json.tokens
    assert.ok(ours.last_used_at && ours.expires_at)
    assert.doesNotMatch(listed.stdout, /sumun_scim_/)
    assert.equal((await cli('org', 'scim', 'remove', 'corp', ours.id, '--yes')).exitCode, 0)
    assert.equal((await okta.find('/Users')).status, 401)
    assert.ok(organisationId)
  })

  test(`${engine.name}: a day with Entra, and a person who signed in before`, on, async (t) => {
    const app = await server(t, { engine })
    const entra = await scimClient(app)
    const { accountId, accessToken } = await app.user({ email: 'lee@corp.example', name: 'Lee' })
    const { store } = app.running.engine
    const now = app.clock.now()
    await store.identifiers.verify({
      accountId: accountId as never,
      kind: 'email',
      value: 'lee@corp.example',
      now,
    })
    const made = await entra.call('POST', '/Users', {
      ...{
        schemas: [urn.user, urn.enterprise],
        externalId: 'guid-1',
        userName: 'lee@corp.example',
        active: true,
      },
      ...{
        displayName: 'Lee Soo',
        emails: [{ primary: true, type: 'work', value: 'lee@corp.example' }],
        roles: [],
      },
      ...{ [urn.enterprise]: { department: 'Sales' }, meta: { resourceType: 'User' } },
    })
    assert.equal(made.status, 201)
    const group = await entra.group('All')
    await entra.patch(`/Groups/${group}`, { op: 'Add', path: 'members', value: [{ value: made.body.id }] })
    await entra.patch(
      `/Users/${made.body.id}`,
      { op: 'Replace', path: 'displayName', value: 'Lee Sooyoung' },
      { op: 'Replace', path: `${urn.enterprise}:department`, value: 'R&D' },
      { op: 'Add', path: `${urn.enterprise}:manager`, value: 'guid-of-the-boss' },
    )
    const account = await store.accounts.find(accountId as never)
    assert.equal(account?.name, 'Lee Sooyoung')
    await entra.patch(`/Users/${made.body.id}`, { op: 'Replace', path: 'active', value: 'False' })
    assert.equal((await app.get('/protected', { token: accessToken })).status, 401)
    const signIn = () =>
      app.post('/login', { json: { username: 'lee@corp.example', password: goodPassword } })
    assert.equal((await signIn()).body.code, 'account_disabled')
    await entra.patch(`/Users/${made.body.id}`, { op: 'Replace', path: 'active', value: 'True' })
    assert.equal((await signIn()).status, 200)
    await entra.patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: made.body.id }] })
    assert.equal((await entra.find(`/Groups/${group}`)).body.members.length, 0)
    assert.equal((await entra.call('DELETE', `/Users/${made.body.id}`)).status, 204)
    assert.equal((await signIn()).body.code, 'account_disabled')
  })

  test(`${engine.name}: a group of ten thousand in one call, in and out`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const { store, clock } = app.running.engine
    const [found] = await store.organisations.list({ after: null, limit: 1 })
    // The users themselves are rows, made as the import makes them.
    const ids = await manyUsers(store, { organisationId: found?.id ?? '', now: clock.now(), count: 10_000 })
    const group = await scim.group('Everyone')
    const members = ids.map((value) => ({ value }))
    const startedAt = performance.now()
    const added = await scim.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: members })
    t.diagnostic(`10,000 members in ${Math.round(performance.now() - startedAt)} ms`)
    assert.equal(added.status, 204, JSON.stringify(added.body))
    assert.equal((await scim.find(`/Groups/${group}`)).body.members.length, 10_000)
    const half = members.slice(0, 5_000)
    assert.equal(
      (await scim.patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: half })).status,
      204,
    )
    assert.equal((await scim.find(`/Groups/${group}`)).body.members.length, 5_000)
    assert.equal((await scim.find('/Users?startIndex=9901&count=100')).body.Resources.length, 100)
    const twice = await scim.call('PUT', `/Groups/${group}`, {
      displayName: 'Everyone',
      members: [...members, ...half],
    })
    assert.equal(twice.body.members.length, 10_000)
  })

  test(`${engine.name}: a long list is read page by page, and filtered as a whole`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const { store, clock } = app.running.engine
    const [found] = await store.organisations.list({ after: null, limit: 1 })
    const count = 21_000
    const ids = await manyUsers(store, { organisationId: found?.id ?? '', now: clock.now(), count })
    const page = async (startIndex: number): Promise<string[]> =>
      (await scim.find(`/Users?startIndex=${startIndex}&count=200`)).body.Resources.map(
        ({ id }: { id: string }) => id,
      )
    assert.deepEqual(await page(10_001), ids.slice(10_000, 10_200))
    // Users before the page are removed: none after it is passed over.
    for (const id of ids.slice(0, 5)) assert.equal((await scim.call('DELETE', `/Users/${id}`)).status, 204)
    assert.deepEqual(await page(10_201), ids.slice(10_200, 10_400))
    assert.deepEqual(await page(10_401), ids.slice(10_400, 10_600))
    const filtered = async (filter: string) =>
      (await scim.find(`/Users?${new URLSearchParams({ filter, count: '3' })}`)).body
    const all = await filtered('active eq true')
    assert.deepEqual([all.totalResults, all.Resources.length], [count - 5, 3])
    assert.equal(
      (await filtered('userName co "u20" and not (userName ew "7@corp.example")')).totalResults,
      1000,
    )
    assert.equal((await filtered('nickName eq "x"')).scimType, 'tooMany')
    assert.equal((await filtered('userName sw "u200" and nickName eq "x"')).totalResults, 0)
  })
}

type Store = Awaited<ReturnType<typeof server>>['running']['engine']['store']

async function manyUsers(
  store: Store,
  { organisationId, now, count }: { organisationId: string; now: number; count: number },
): Promise<string[]> {
  const id = (prefix: string, n: number) => `${prefix}_0000000000000000000${String(n).padStart(7, '0')}`
  const numbers = Array.from({ length: count }, (_, n) => n)
  const account = {
    kind: 'person',
    state: 'active',
    role: 'member',
    name: null,
    locale: 'en',
    zone: null,
  } as const
  await store.imports.insert({
    accounts: numbers.map((n) => ({
      ...{ ...account, id: id('acc', n) as never, revision: 1, createdAt: now, updatedAt: now },
      identifiers: [],
    })),
    ...{ skeletons: new Map(), credentials: [], memberships: [], events: () => [] },
  })
  await store.transaction(async (tx) => {
    for (const n of numbers)
      await tx.scimUsers.insert({
        ...{
          id: id('scu', n) as never,
          organisationId: organisationId as never,
          accountId: id('acc', n) as never,
        },
        ...{ userName: `u${n}@corp.example`, externalId: null, email: null, active: true, ownsAccount: true },
        ...{ attributes: { userName: `u${n}@corp.example`, active: true }, revision: 1 },
        ...{ createdAt: now, updatedAt: now },
      })
  })
  return numbers.map((n) => id('scu', n))
}
