import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodPassword, type Reply } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { clientWith, type ScimClient, scimClient, urn } from '../support/scim.ts'

// SCIM as Okta, Entra, Google and OneLogin send it. The numbers are those of their requests in our list.
type Case = (scim: ScimClient & { organisationId: string }) => Promise<void>

const query = (path: string, parameters: Record<string, string>) =>
  `${path}?${new URLSearchParams(parameters)}`
const userNamed = (scim: ScimClient, name: string) =>
  scim.find(query('/Users', { filter: `userName eq "${name}"` }))
const membersOf = async (scim: ScimClient, id: string): Promise<string[]> =>
  ((await scim.find(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value).sort()
function isError(reply: Reply, status: number, scimType?: string): void {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  assert.deepEqual(reply.body.schemas, [urn.error])
  assert.equal(reply.body.status, String(status))
  assert.ok(reply.body.detail)
  if (scimType) assert.equal(reply.body.scimType, scimType)
}

const cases: Readonly<Record<string, Case>> = {
  '1 Okta reads one user': async (scim) => {
    await scim.user('ada@corp.example', { name: { givenName: 'Ada', familyName: 'Kim' } })
    const { status, body } = await scim.find('/Users?count=1&startIndex=1')
    assert.equal(status, 200)
    assert.deepEqual(
      [body.schemas, body.totalResults, body.startIndex, body.itemsPerPage],
      [[urn.list], 1, 1, 1],
    )
    const [{ id, name, userName, active, emails }] = body.Resources
    assert.ok(id && name.givenName && name.familyName && userName && emails[0].value)
    assert.equal(active, true)
  },
  '2 and by its id': async (scim) => {
    const id = await scim.user('ada@corp.example')
    const { status, body, headers } = await scim.find(`/Users/${id}`)
    assert.equal(status, 200)
    assert.equal(body.userName, 'ada@corp.example')
    assert.match(headers.get('content-type') ?? '', /application\/scim\+json/)
    assert.equal(headers.get('etag'), body.meta.version)
    assert.match(body.meta.location, new RegExp(`/scim/v2/Users/${id}$`))
  },
  '3, 31 nobody by that name is an empty list': async (scim) => {
    const { status, body } = await userNamed(scim, 'nobody@corp.example')
    assert.deepEqual([status, body.totalResults, body.schemas, body.Resources], [200, 0, [urn.list], []])
  },
  '4, 12 an unknown id is 404, whatever its form': async (scim) => {
    for (const id of ['scu_01m8pqq8dxeezbkex82r8r6366', '00919288221112222', encodeURIComponent('../x y')])
      isError(await scim.find(`/Users/${id}`), 404)
  },
  '5 both media types': async (scim) => {
    for (const [place, type] of ['application/json', 'application/scim+json; charset=utf-8'].entries()) {
      const body = { schemas: [urn.user], userName: `u${place}@corp.example` }
      const made = await scim.call('POST', '/Users', body, { 'content-type': type, accept: type })
      assert.equal(made.status, 201)
      assert.match(made.headers.get('location') ?? '', /\/scim\/v2\/Users\/scu_/)
    }
    isError(
      await scim.call('POST', '/Users', 'userName=a', {
        'content-type': 'application/x-www-form-urlencoded',
      }),
      415,
    )
  },
  '6, 7 a password is never echoed, groups are ignored': async (scim) => {
    const { status, body } = await scim.call('POST', '/Users', {
      ...{
        schemas: [urn.user],
        userName: 'ada@corp.example',
        password: goodPassword,
        groups: [],
        locale: 'ko-KR',
      },
      externalId: '00u1',
    })
    assert.equal(status, 201)
    assert.equal(body.externalId, '00u1')
    assert.doesNotMatch(JSON.stringify(body), /password|copper/)
  },
  '8 the same user again is 409': async (scim) => {
    await scim.user('ada@corp.example')
    isError(await scim.call('POST', '/Users', { userName: 'ADA@corp.example' }), 409, 'uniqueness')
  },
  '9 capitals make no difference': async (scim) => {
    const id = await scim.user('ada@corp.example')
    assert.equal((await userNamed(scim, 'ADA@CORP.EXAMPLE')).body.Resources[0].id, id)
  },
  '10, 22 groups are listed, and found by name': async (scim) => {
    const id = await scim.group('Test SCIMv2')
    const { body } = await scim.find(
      query('/Groups', { filter: 'displayName eq "test scimv2"', startIndex: '1', count: '100' }),
    )
    assert.equal(body.Resources[0].id, id)
    assert.equal((await scim.find('/Groups')).body.totalResults, 1)
  },
  '13 a filter, percent-encoded, with a page': async (scim) => {
    await scim.user('ada@corp.example')
    const path = '/Users?filter=userName%20eq%20%22ada%40corp.example%22&startIndex=1&count=100&'
    assert.equal((await scim.find(path)).body.totalResults, 1) // 59: also with an & at the end
  },
  '14 pages have a stable order': async (scim) => {
    for (let n = 0; n < 25; n++) await scim.user(`u${n}@corp.example`)
    const seen: string[] = []
    for (let start = 1; start <= 25; start += 10) {
      const { body } = await scim.find(`/Users?startIndex=${start}&count=10`)
      assert.equal(body.totalResults, 25)
      seen.push(...body.Resources.map(({ id }: { id: string }) => id))
    }
    assert.equal(new Set(seen).size, 25)
    assert.deepEqual(seen, seen.toSorted())
  },
  '15 the whole object comes back': async (scim) => {
    const id = await scim.user('ada@corp.example', { name: { givenName: 'Ada' } })
    const { body } = await scim.find(`/Users/${id}`)
    const sent = {
      ...body,
      name: { ...body.name, middleName: '', familyName: 'Lee' },
      groups: [],
      id: 'other',
    }
    sent.emails[0].display = 'work'
    const put = await scim.call('PUT', `/Users/${id}`, sent)
    assert.equal(put.status, 200)
    assert.deepEqual([put.body.id, put.body.name], [id, { givenName: 'Ada', familyName: 'Lee' }])
  },
  '18 the second deactivation changes nothing': async (scim) => {
    const id = await scim.user('ada@corp.example')
    const off = { op: 'replace', value: { active: false } }
    const [first, second] = [await scim.patch(`/Users/${id}`, off), await scim.patch(`/Users/${id}`, off)]
    assert.deepEqual([first.status, second.status], [200, 200])
    assert.equal(first.body.meta.version, second.body.meta.version)
    const put = await scim.call('PUT', `/Users/${id}`, { userName: 'ada@corp.example', title: 'Dr.' })
    assert.deepEqual([put.body.active, put.body.title], [false, 'Dr.'], 'silence lets no one in again')
  },
  '20 a password by PATCH is ignored': async (scim) => {
    const id = await scim.user('ada@corp.example')
    const { status, body } = await scim.patch(`/Users/${id}`, {
      op: 'replace',
      value: { password: goodPassword },
    })
    assert.equal(status, 200)
    assert.doesNotMatch(JSON.stringify(body), /password/)
  },
  '21, 47 a group without members, and with schemas that we do not know': async (scim) => {
    const { status, body } = await scim.call('POST', '/Groups', {
      schemas: [urn.group, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      ...{ displayName: 'Engineers', externalId: 'x', meta: { resourceType: 'Group' } },
    })
    assert.deepEqual([status, body.displayName, body.externalId], [201, 'Engineers', 'x'])
  },
  '23 renaming a group leaves its members': async (scim) => {
    const user = await scim.user('ada@corp.example')
    const id = await scim.group('Old', [user])
    assert.equal(
      (await scim.patch(`/Groups/${id}`, { op: 'replace', value: { id, displayName: 'New' } })).status,
      204,
    )
    assert.deepEqual(await membersOf(scim, id), [user])
    assert.equal((await scim.find(`/Groups/${id}`)).body.displayName, 'New')
  },
  '24 one leaves and one comes in one call': async (scim) => {
    const [one, two] = [await scim.user('a@corp.example'), await scim.user('b@corp.example')]
    const id = await scim.group('Team', [one])
    await scim.patch(
      `/Groups/${id}`,
      { op: 'remove', path: `members[value eq "${one}"]` },
      { op: 'add', path: 'members', value: [{ value: two, display: 'b' }] },
    )
    assert.deepEqual(await membersOf(scim, id), [two])
    const refused = await scim.patch(
      `/Groups/${id}`,
      { op: 'add', path: 'members', value: [{ value: one }] },
      { op: 'add', path: 'members', value: [{ value: 'scu_nobody' }] },
    )
    isError(refused, 400, 'invalidValue')
    assert.deepEqual(await membersOf(scim, id), [two], 'all or nothing')
  },
  '25, 26 the list of members anew': async (scim) => {
    const users = [
      await scim.user('a@corp.example'),
      await scim.user('b@corp.example'),
      await scim.user('c@corp.example'),
    ]
    const id = await scim.group('Team', users.slice(0, 1))
    const put = await scim.call('PUT', `/Groups/${id}`, {
      displayName: 'Team',
      members: users.map((value) => ({ value })),
    })
    assert.equal(put.status, 200)
    assert.deepEqual(await membersOf(scim, id), users.toSorted())
    await scim.patch(`/Groups/${id}`, {
      op: 'replace',
      path: 'members',
      value: users.slice(0, 2).map((value) => ({ value })),
    })
    assert.deepEqual(await membersOf(scim, id), users.slice(0, 2).toSorted())
  },
  '27 a group goes, its users stay': async (scim) => {
    const user = await scim.user('a@corp.example')
    const id = await scim.group('Team', [user])
    assert.equal((await scim.call('DELETE', `/Groups/${id}`)).status, 204)
    assert.equal((await scim.find(`/Users/${user}`)).status, 200)
    isError(await scim.call('DELETE', `/Groups/${id}`), 404)
  },
  '32 Entra makes a user': async (scim) => {
    const { status, body } = await scim.call('POST', '/Users', {
      ...{
        schemas: [urn.user, urn.enterprise],
        externalId: 'guid',
        userName: 'ada@corp.example',
        active: true,
      },
      ...{
        roles: [],
        meta: { resourceType: 'User' },
        displayName: 'Ada',
        emails: [{ primary: 'true', type: 'work', value: 'ada@corp.example' }],
      },
      [urn.enterprise]: { employeeNumber: '701984', department: '부서' },
    })
    assert.equal(status, 201)
    assert.deepEqual(body.schemas, [urn.user, urn.enterprise])
    assert.equal(body[urn.enterprise].department, '부서')
    assert.equal(body.emails[0].primary, true) // 56: it was text
  },
  '33 by an address of one type': async (scim) => {
    const id = await scim.user('ada@corp.example', {
      emails: [
        { value: 'ada@corp.example', type: 'work', primary: true },
        { value: 'home@ada.example', type: 'home' },
      ],
    })
    const found = async (type: string, value: string) =>
      (await scim.find(query('/Users', { filter: `emails[type eq "${type}"].value eq "${value}"` }))).body
        .totalResults
    assert.deepEqual(
      [await found('work', 'ADA@corp.example'), await found('home', 'home@ada.example')],
      [1, 1],
    )
    assert.equal(await found('work', 'home@ada.example'), 0)
    assert.ok(id)
  },
  '34 two conditions': async (scim) => {
    await scim.user('ada@corp.example', { externalId: 'a' })
    const found = async (filter: string) => (await scim.find(query('/Users', { filter }))).body.totalResults
    assert.equal(await found('userName eq "ada@corp.example" and externalId eq "a"'), 1)
    assert.equal(await found('userName eq "ada@corp.example" and externalId eq "A"'), 0)
  },
  '35 to 37 capitals, and booleans as text': async (scim) => {
    const id = await scim.user('ada@corp.example')
    for (const [op, value, active] of [
      ['Replace', 'False', false],
      ['Add', 'True', true],
      ['replace', false, false],
      ['replace', true, true],
    ] as const)
      assert.equal((await scim.patch(`/Users/${id}`, { op, path: 'active', value })).body.active, active)
    isError(
      await scim.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'perhaps' }),
      400,
      'invalidValue',
    )
  },
  '38 to 41 many paths at once, also as keys': async (scim) => {
    const id = await scim.user('ada@corp.example')
    assert.equal(
      (await scim.patch(`/Users/${id}`, { op: 'Add', path: 'nickName', value: 'Babs' })).body.nickName,
      'Babs',
    )
    const { body } = await scim.patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'displayName', value: 'Ada K' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada2@corp.example' },
      { op: 'Replace', path: 'name.givenName', value: 'Ada' },
      { op: 'Replace', path: 'name.familyName', value: 'Kim' },
      { op: 'Replace', path: 'externalId', value: 'new' },
      { op: 'Replace', path: `${urn.enterprise}:employeeNumber`, value: '7' },
      { op: 'Replace', path: 'phoneNumbers[type eq "work"].value', value: '+82 10' },
    )
    assert.deepEqual(
      [
        body.displayName,
        body.emails[0].value,
        body.name,
        body.externalId,
        body[urn.enterprise],
        body.phoneNumbers,
      ],
      [
        'Ada K',
        'ada2@corp.example',
        { givenName: 'Ada', familyName: 'Kim' },
        'new',
        { employeeNumber: '7' },
        [{ value: '+82 10', type: 'work' }],
      ],
    )
    const keyed = await scim.patch(`/Users/${id}`, {
      op: 'replace',
      value: { 'name.givenName': 'Bea', [`${urn.enterprise}:department`]: 'R&D', displayName: 'Bea K' },
    })
    assert.deepEqual(
      [keyed.body.name.givenName, keyed.body[urn.enterprise], keyed.body.displayName],
      ['Bea', { employeeNumber: '7', department: 'R&D' }, 'Bea K'],
    )
    const half = await scim.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'displayName', value: 'lost' },
      { op: 'replace', path: 'active', value: 'nonsense' },
    )
    isError(half, 400)
    assert.equal((await scim.find(`/Users/${id}`)).body.displayName, 'Bea K', 'all or nothing')
  },
  '42, 43 what is missing is made, and the primary one stays': async (scim) => {
    const id = await scim.user('ada@corp.example')
    const { body } = await scim.patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'addresses[type eq "work"].postalCode', value: '04524' },
      { op: 'Add', path: 'roles', value: [{ value: 'admin' }] },
      { op: 'Replace', path: 'emails[type eq "other"].value', value: 'other@ada.example' },
    )
    assert.deepEqual(
      body.addresses,
      [{ type: 'work', postalCode: '04524' }].map(({ type, postalCode }) => ({ postalCode, type })),
    )
    assert.deepEqual(body.roles, [{ value: 'admin' }])
    assert.deepEqual(
      body.emails.map(({ value, primary }: never) => [value, primary]),
      [
        ['ada@corp.example', true],
        ['other@ada.example', undefined],
      ],
    )
  },
  '44 one primary value': async (scim) => {
    const id = await scim.user('ada@corp.example', { roles: [{ value: 'a', primary: true }] })
    const { body } = await scim.patch(`/Users/${id}`, {
      op: 'Replace',
      path: 'roles[primary eq "true"].value',
      value: 'b',
    })
    assert.deepEqual(body.roles, [{ value: 'b', primary: true }])
    const added = await scim.patch(`/Users/${id}`, {
      op: 'add',
      path: 'roles',
      value: [{ value: 'c', primary: true }],
    })
    assert.equal(added.body.roles.filter(({ primary }: { primary?: boolean }) => primary).length, 1)
  },
  '45 a removal without a path': async (scim) => {
    const id = await scim.user('ada@corp.example')
    isError(await scim.patch(`/Users/${id}`, { op: 'Remove' }), 400, 'noTarget')
  },
  '46 a manager by id or as an object': async (scim) => {
    const id = await scim.user('ada@corp.example')
    for (const value of ['boss', { value: 'boss' }]) {
      const { body } = await scim.patch(`/Users/${id}`, {
        op: 'Add',
        path: `${urn.enterprise}:manager`,
        value,
      })
      assert.deepEqual(body[urn.enterprise].manager, { value: 'boss' })
    }
  },
  '48, 49 groups without their members': async (scim) => {
    const id = await scim.group('Team', [await scim.user('a@corp.example')])
    assert.equal('members' in (await scim.find(`/Groups/${id}?excludedAttributes=members`)).body, false)
    const { body } = await scim.find(
      query('/Groups', { excludedAttributes: 'members', filter: 'displayName eq "Team"' }),
    )
    assert.equal('members' in body.Resources[0], false)
  },
  '50 to 52 members come and go in every dialect': async (scim) => {
    const [one, two] = [await scim.user('a@corp.example'), await scim.user('b@corp.example')]
    const id = await scim.group('Team', [one])
    assert.equal(
      (await scim.patch(`/Groups/${id}`, { op: 'Add', path: 'members', value: [{ value: two }] })).status,
      204,
    )
    await scim.patch(`/Groups/${id}`, { op: 'Add', path: 'members', value: [{ value: two }] })
    assert.deepEqual(await membersOf(scim, id), [one, two].toSorted(), 'twice is once')
    await scim.patch(`/Groups/${id}`, { op: 'Remove', path: 'members', value: [{ value: one }] })
    assert.deepEqual(await membersOf(scim, id), [two])
    await scim.patch(`/Groups/${id}`, { op: 'Remove', path: 'members', value: [] })
    assert.deepEqual(await membersOf(scim, id), [two], 'none is not everyone')
    await scim.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${two}"]` })
    assert.deepEqual(await membersOf(scim, id), [])
  },
  '53, 58 a user goes, also while active': async (scim) => {
    const user = await scim.user('a@corp.example')
    const id = await scim.group('Team', [user])
    assert.equal((await scim.call('DELETE', `/Users/${user}`)).status, 204)
    isError(await scim.call('DELETE', `/Users/${user}`), 404)
    assert.deepEqual(await membersOf(scim, id), [])
    assert.equal((await userNamed(scim, 'a@corp.example')).body.totalResults, 0)
    await scim.user('a@corp.example')
  },
  '54 what the service can do': async (scim) => {
    const { body } = await scim.find('/Schemas')
    assert.deepEqual(
      body.Resources.map(({ id }: { id: string }) => id),
      [urn.user, urn.enterprise, urn.group],
    )
    assert.doesNotMatch(JSON.stringify(body), /null/)
    assert.equal((await scim.find(`/Schemas/${urn.user}`)).status, 200)
    const { body: can } = await scim.find('/ServiceProviderConfig')
    assert.deepEqual(
      [can.patch.supported, can.bulk.supported, can.etag.supported, can.sort.supported],
      [true, false, true, false],
    )
    assert.equal((await scim.find('/ResourceTypes')).body.totalResults, 2)
    assert.equal((await scim.find('/ResourceTypes/User')).body.endpoint, '/Users')
    for (const path of ['/Me', '/Bulk', '/nothing']) isError(await scim.find(path), 404)
  },
  '55 two addresses of one type': async (scim) => {
    const emails = ['a', 'b'].map((name) => ({ value: `${name}@corp.example`, type: 'work' }))
    isError(await scim.call('POST', '/Users', { userName: 'a@corp.example', emails }), 400, 'invalidValue')
  },
  '57 nonsense is refused in words': async (scim) => {
    const emails = Array.from({ length: 90 }, (_, n) => ({ value: `${'x'.repeat(900)}${n}`, type: `t${n}` }))
    isError(
      await scim.call('POST', '/Users', {
        userName: 'big@corp.example',
        emails: [{ value: 'big@corp.example' }, ...emails],
      }),
      400,
      'invalidValue',
    )
    const id = await scim.user('a@corp.example', { timezone: 'no zone at all' })
    isError(await scim.call('PUT', `/Users/${id}`, { displayName: 'x' }), 400, 'invalidValue')
    for (const body of [
      '',
      '{',
      '[]',
      '"x"',
      '{"userName":{}}',
      '{"userName":"a","userName":"b"}',
      '{"userName":"\\u0000"}',
    ])
      isError(await scim.call('POST', '/Users', body), 400)
    for (const operations of [
      undefined,
      [],
      [{}],
      [null],
      [{ op: 'move' }],
      [{ op: 'add', path: 'emails[' }],
      [{ op: 'add' }],
    ])
      isError(await scim.call('PATCH', `/Users/${id}`, { Operations: operations }), 400)
  },
  '60 quotes, other letters, versions and odd pages': async (scim) => {
    const id = await scim.group('Team "A" 부서')
    const { body } = await scim.find(query('/Groups', { filter: 'displayName eq "Team \\"A\\" 부서"' }))
    assert.equal(body.Resources[0].id, id)
    const rename = (version: string) =>
      scim.call(
        'PATCH',
        `/Groups/${id}`,
        { Operations: [{ op: 'replace', path: 'displayName', value: 'B' }] },
        { 'if-match': version },
      )
    isError(await rename('W/"99"'), 412)
    isError(await rename('nonsense'), 412)
    assert.equal((await rename('W/"1"')).status, 204)
    assert.equal(
      (await scim.call('GET', `/Groups/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status,
      304,
    )
    await scim.user('a@corp.example')
    const page = async (path: string) => (await scim.find(path)).body
    assert.deepEqual(
      [(await page('/Users?startIndex=-3')).startIndex, (await page('/Users?startIndex=0')).startIndex],
      [1, 1],
    )
    const none = await page('/Users?count=0')
    assert.deepEqual([none.totalResults, none.Resources], [1, []])
    assert.equal((await page('/Users?sortBy=userName&count=ten')).totalResults, 1)
    assert.deepEqual(Object.keys((await page('/Users?attributes=userName')).Resources[0]).sort(), [
      'id',
      'meta',
      'schemas',
      'userName',
    ])
    const unknown = await scim.call('POST', '/Users', { userName: 'b@corp.example', favouriteColour: 'red' })
    assert.equal('favouriteColour' in unknown.body, false)
    isError(await scim.call('POST', '/Users', `{"userName":"${'x'.repeat(5_000_000)}"}`), 413)
  },
}

for (const engine of engines) {
  const on = { skip: engine.skip }
  test(`${engine.name}: requests of Okta, Entra, Google and OneLogin`, on, async (t) => {
    const app = await server(t, { engine })
    let place = 0
    for (const [name, check] of Object.entries(cases)) {
      const slug = `corp${++place}`
      const scim = await scimClient(app, { slug, domain: `${slug}.example` })
      await t.test(name, () => check(scim))
    }
  })

  test(`${engine.name}: 11, 29 a wrong token says what is accepted`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const strangers = [
      '',
      'Basic YTpi',
      'Bearer nonsense',
      `Bearer ${scim.token}x`,
      'Bearer sumun_scim_',
      `Token ${scim.token}`,
    ]
    for (const authorization of strangers)
      for (const [method, path] of [
        ['GET', '/Users'],
        ['POST', '/Users'],
        ['GET', '/nothing'],
        ['GET', '/ServiceProviderConfig'],
      ] as const) {
        const reply = await app.call(method, `/scim/v2${path}`, { headers: { authorization } })
        const body = typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body
        isError({ ...reply, body }, 401)
        assert.equal(reply.headers.get('www-authenticate'), 'Bearer')
      }
    // A user's own token is none either, and a SCIM token opens nothing else.
    const { accessToken } = await app.user()
    isError(await clientWith(app, accessToken).find('/Users'), 401)
    assert.equal((await app.get('/v1/me', { token: scim.token })).status, 401)
    assert.equal((await app.get('/protected', { token: scim.token })).status, 401)
  })

  test(
    `${engine.name}: 16, 17 deactivation ends sessions at once, and reactivation brings the account back`,
    on,
    async (t) => {
      const settings = { SUMUN_ISSUER: 'http://localhost:1' }
      const app = await server(t, { engine, settings })
      const other = await server(t, { environment: app.environment, clock: app.clock, settings })
      const scim = await scimClient(app)
      const { accountId, accessToken } = await verifiedUser(app, 'ada@corp.example')
      const id = await scim.user('ada@corp.example')
      const group = await scim.group('Team', [id])
      assert.equal((await other.get('/protected', { token: accessToken })).status, 200)
      await scim.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
      const deadline = performance.now() + 1_000
      while ((await other.get('/protected', { token: accessToken })).status === 200)
        assert.ok(performance.now() < deadline, 'the other node still takes the token after a second')
      const signIn = () =>
        app.post('/login', { json: { username: 'ada@corp.example', password: goodPassword } })
      assert.equal((await signIn()).body.code, 'account_disabled')
      await scim.patch(`/Users/${id}`, { op: 'replace', value: { active: true } })
      assert.equal((await signIn()).status, 200)
      assert.deepEqual(await membersOf(scim, group), [id])
      assert.ok(accountId)
    },
  )

  test(`${engine.name}: who is joined, who is not, and what another organisation sees`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const rival = await scimClient(app, { slug: 'rival', domain: 'rival.example' })
    // An account that verified an address of the organisation's domain is the same person.
    const ada = await verifiedUser(app, 'ada@corp.example')
    await scim.user('ada@corp.example')
    const members = await app.running.engine.store.memberships.listOfAccount(ada.accountId as never, 10)
    assert.deepEqual(
      members.map(({ organisation }) => organisation.slug),
      ['corp'],
    )
    // Of another domain nothing is joined, verified or said: the reply is the same as for a free address.
    const victim = await verifiedUser(app, 'victim@private.example')
    const made = await rival.call('POST', '/Users', { userName: 'victim@private.example', active: false })
    assert.equal(made.status, 201)
    assert.equal((await app.get('/protected', { token: victim.accessToken })).status, 200)
    await rival.call('DELETE', `/Users/${made.body.id}`)
    assert.equal((await app.get('/protected', { token: victim.accessToken })).status, 200)
    const stolen = await rival.call('POST', '/Users', { userName: 'ada@corp.example' })
    assert.equal(stolen.status, 201)
    await rival.patch(`/Users/${stolen.body.id}`, { op: 'replace', path: 'active', value: false })
    assert.equal((await app.get('/protected', { token: ada.accessToken })).status, 200)
    // An unverified claim to a company's address does not keep its owner out.
    const squatter = await app.user({ email: 'boss@corp.example', username: 'squatter' })
    await scim.user('boss@corp.example')
    const me = await app.get('/v1/me', { token: squatter.accessToken })
    assert.doesNotMatch(JSON.stringify(me.body), /boss@corp\.example/)
    // Ids of one organisation are none in another.
    const { body } = await userNamed(scim, 'ada@corp.example')
    const [user, group] = [body.Resources[0].id, await scim.group('Team')]
    for (const [method, path] of [
      ['GET', `/Users/${user}`],
      ['PUT', `/Users/${user}`],
      ['PATCH', `/Users/${user}`],
      ['DELETE', `/Users/${user}`],
      ['GET', `/Groups/${group}`],
      ['PUT', `/Groups/${group}`],
      ['PATCH', `/Groups/${group}`],
      ['DELETE', `/Groups/${group}`],
    ] as const) {
      const change = {
        userName: 'x@rival.example',
        displayName: 'x',
        Operations: [{ op: 'add', path: 'displayName', value: 'x' }],
      }
      isError(
        await rival.call(method, path, method === 'GET' || method === 'DELETE' ? undefined : change),
        404,
      )
    }
    isError(await rival.call('POST', '/Groups', { displayName: 'x', members: [{ value: user }] }), 400)
  })

  test(`${engine.name}: an operator of the server is not disabled by a directory`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const { accountId, accessToken } = await verifiedUser(app, 'root@corp.example')
    await app.running.engine.store.accounts.setRole({
      id: accountId as never,
      role: 'operator',
      now: app.clock.now(),
    })
    const id = await scim.user('root@corp.example')
    await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })
    assert.equal((await app.get('/v1/me', { token: accessToken })).status, 200)
    assert.equal((await scim.call('DELETE', `/Users/${id}`)).status, 204)
    assert.equal((await app.get('/v1/me', { token: accessToken })).status, 200)
  })

  test(`${engine.name}: filters cannot be used to break in or to overload`, on, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    await scim.user('ada@corp.example')
    const find = (filter: string) => scim.find(query('/Users', { filter }))
    for (const filter of [
      `userName eq "x' OR '1'='1"`,
      'userName eq "x\\"; DROP TABLE scim_user; --"',
      'emails.value eq "%"',
      'userName co "_"',
    ])
      assert.equal((await find(filter)).body.totalResults, 0, filter)
    for (const filter of [
      '(',
      'userName',
      'userName eq',
      'eq eq eq',
      `${'('.repeat(500)}userName pr${')'.repeat(500)}`,
      Array(200).fill('userName pr').join(' or '),
      `not (${'not ('.repeat(50)}userName pr${')'.repeat(51)}`,
      'x'.repeat(5_000),
    ])
      isError(await find(filter), 400, 'invalidFilter')
    assert.equal(
      (await find('userName pr and not (title pr) and active eq true and meta.created pr')).status,
      200,
    )
    assert.equal(
      (await find('displayName sw "a" or userName sw "ADA" or userName ew ".example"')).body.totalResults,
      1,
    )
  })
}

/** A user who has shown that the address is theirs. */
async function verifiedUser(app: Awaited<ReturnType<typeof server>>, email: string) {
  const user = await app.user({ email })
  const { store } = app.running.engine
  await store.identifiers.verify({
    ...{ accountId: user.accountId as never, kind: 'email', value: email, now: app.clock.now() },
  })
  return user
}
