import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { addConnection, testConnection } from '../../src/engine/connections/connections.ts'
import { checkDirectories } from '../../src/engine/organisations/check-directory.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { signInLdap } from '../support/ldap.ts'
import { organisation, verifiedDomain } from '../support/organisations.ts'
import { skipWithoutSamba, startSamba } from '../support/samba.ts'

const password = 'Blue-Kettle-42'

for (const engine of engines)
  test(`${engine.name}: people of an Active Directory domain controller sign in, with the roles of their groups, and are out when it says so`, {
    skip: engine.skip || skipWithoutSamba,
    timeout: 180_000,
  }, async (t) => {
    const dc = await startSamba(t)
    const { tool } = dc
    const person = (login: string, ...more: string[]) =>
      tool('user', 'create', login, password, `--mail-address=${login}@corp.example`, ...more)
    await person('akim', '--given-name=아다', '--surname=김')
    for (const login of ['disabled', 'mustchange', 'expired', 'blee']) await person(login)
    await tool('user', 'disable', 'disabled')
    const anew = [`--newpassword=${password}x`, '--must-change-at-next-login']
    await tool('user', 'setpassword', 'mustchange', ...anew)
    await tool('user', 'setexpiry', 'expired', '--days=-2')
    for (const group of ['Engineers', 'Everyone']) await tool('group', 'add', group)
    await tool('group', 'addmembers', 'Engineers', 'akim')
    await tool('group', 'addmembers', 'Everyone', 'Engineers')

    const app = await server(t, { engine })
    const { engine: running } = app.running
    const own = await organisation(app)
    await verifiedDomain(app, own)
    const roles = { Engineers: 'developer', Everyone: 'staff', 'Domain Users': 'person' }
    const connection = await addConnection(running, {
      ...{ preset: 'active-directory', slug: 'corp', organisationId: own.id, actor: 'test' },
      ...{ clientId: dc.administrator.dn, secret: dc.administrator.password },
      settings: { urls: [dc.url], ca: dc.ca, base_dn: dc.baseDn, roles },
    })
    const findings = await testConnection(running, connection)
    assert.ok(
      findings.every(({ verdict }) => verdict !== 'fault'),
      JSON.stringify(findings),
    )
    const signIn = (username: string, typed = password) =>
      signInLdap(app, { username, password: typed, connection: 'corp' })
    const first = await signIn('akim')
    assert.equal(first.status, 200, JSON.stringify(first.body))
    const token = first.body.access_token as string
    const { sub } = decodeJwt(token)
    const mine = (await app.get('/v1/me/organisations', { token })).body.organisations
    assert.deepEqual([...mine[0].roles].sort(), ['developer', 'person', 'staff'])
    for (const name of ['AKIM', 'CORP\\akim', 'akim@corp.example'])
      assert.equal(decodeJwt((await signIn(name)).body.access_token).sub, sub, name)

    const upstream = async (username: string, typed?: string) => {
      app.clock.advance(3_600_000)
      const { status, body } = await signIn(username, typed)
      return [status, body.notes?.upstream]
    }
    assert.deepEqual(await upstream('akim', 'wrong'), [400, undefined])
    assert.deepEqual(await upstream('disabled'), [400, 'disabled'])
    assert.deepEqual(await upstream('disabled', 'wrong'), [400, undefined])
    assert.deepEqual(await upstream('expired'), [400, 'disabled'])
    assert.deepEqual(await upstream('mustchange', `${password}x`), [400, 'expired'])

    // Renamed there: what identifies the account stays.
    await tool('user', 'rename', 'akim', '--samaccountname=alovelace')
    const renamed = await signIn('alovelace')
    assert.equal(decodeJwt(renamed.body.access_token).sub, sub)
    const other = await signIn('blee')
    await tool('user', 'disable', 'alovelace')
    app.clock.advance(15 * 60_000)
    await checkDirectories(running)
    const refresh = ({ body }: typeof first) =>
      app.post('/refresh', { json: { refresh_token: body.refresh_token } })
    assert.deepEqual([(await refresh(renamed)).status, (await refresh(other)).status], [401, 200])
    await tool('user', 'delete', 'blee')
    app.clock.advance(15 * 60_000)
    await checkDirectories(running)
    assert.equal((await refresh(other)).status, 401)
  })
