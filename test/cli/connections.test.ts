import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application } from '../support/oidc.ts'
import { sumun } from '../support/sumun.ts'

for (const engine of engines) {
  test(`${engine.name}: a provider is connected with two commands, tested, changed and removed`, {
    skip: engine.skip,
    timeout: 90_000,
  }, async (t) => {
    const upstream = await server(t)
    const app = await server(t, { engine })
    const environment = { ...app.environment, SUMUN_ISSUER: app.url }
    const { id, secret } = await application(upstream, { redirect_uris: [`${app.url}/v1/callback/second`] })
    const run = (line: string, input = '') => sumun(line.split(' '), { environment, input })
    const added = await run(
      `connection add --preset oidc --slug second --issuer ${upstream.url} --client-id ${id} --secret-stdin`,
      `${secret}\n`,
    )
    assert.equal(added.exitCode, 0, added.stderr)
    assert.match(added.stdout, new RegExp(`redirect URI +${app.url}/v1/callback/second`))
    assert.ok(!added.stdout.includes(String(secret)))
    const tested = await run('connection test second')
    assert.equal(tested.exitCode, 0, tested.stdout)
    assert.match(tested.stdout, /ok +client: the client id and secret are accepted/)

    assert.equal((await run('connection update second --secret-stdin', 'another one')).exitCode, 0)
    const wrong = await run('connection test second --json')
    assert.equal(wrong.exitCode, 4)
    assert.ok(
      wrong.json.findings.some(
        ({ check, verdict }: Record<string, string>) => check === 'client' && verdict === 'fault',
      ),
    )
    const shown = await run('connection update second --state disabled --name Boats --json')
    assert.deepEqual([shown.json.state, shown.json.names.ko, shown.json.revision], ['disabled', 'Boats', 3])
    assert.match((await run('connection list')).stdout, /second +oidc +disabled/)
    const doctor = async () => {
      const { json } = await run('doctor --json')
      return json.findings.find(({ check }: Record<string, string>) => check === 'connection second')
    }
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const expires = async (day: string) =>
      (await run(`connection update second --state enabled --secret-expires ${day} --json`)).json
        .secret_expires_on
    assert.equal(await expires(inDays(60)), inDays(60))
    assert.equal(await doctor(), undefined)
    assert.equal(await expires(inDays(20)), inDays(20))
    assert.deepEqual(
      [(await doctor()).verdict, (await doctor()).detail],
      ['warning', `the secret expires on ${inDays(20)}`],
    )
    await expires(inDays(-1))
    assert.equal((await doctor()).verdict, 'fault')
    assert.equal(
      (await run('connection update second --secret-stdin --json', 'new')).json.secret_expires_on,
      null,
    )
    assert.match((await run('connection update second --secret-expires 2027-02-30')).stderr, /takes a day/)
    assert.equal((await run('connection remove second')).exitCode, 1, 'asks first')
    assert.equal((await run('connection remove second --yes')).exitCode, 0)
    assert.equal((await run('connection show second')).exitCode, 1)
  })
}

test('a wrong call says what is missing', async (t) => {
  const app = await server(t)
  const run = (line: string, input = '') => sumun(line.split(' '), { environment: app.environment, input })
  assert.match(
    (await run('connection add --client-id x')).stderr,
    /--preset is required: one of oidc, oauth2, saml, ldap, active-directory, kakao/,
  )
  assert.match((await run('connection add --preset oidc --client-id x')).stderr, /issuer required/)
  assert.match((await run('connection add --preset google')).stderr, /client_id/)
  const apple = 'connection add --preset apple --client-id com.example.app --settings'
  for (const json of ['{', '[]', 'null', '"x"'])
    assert.match((await run(`${apple} ${json}`)).stderr, /--settings takes a JSON object/, json)
  assert.match((await run(`${apple} {"colour":"red"}`)).stderr, /another member is unknown/)
  const added = await run(`${apple} {"team":"TEAM","key_id":"KEY"} --json`)
  assert.deepEqual([added.json.settings.team, added.json.settings.authentication], ['TEAM', 'signed_secret'])
  assert.match(
    (await run('connection add --preset google --client-id x --state on')).stderr,
    /--state takes one of/,
  )
  assert.match(
    (await run('connection add --preset google --client-id x --secret-stdin')).stderr,
    /nothing on/,
  )
})
