import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsServer } from '../support/dns-server.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { samlIdp } from '../support/saml-idp.ts'
import { sumun } from '../support/sumun.ts'

for (const engine of engines)
  test(`${engine.name}: an organisation is made, gets a domain, members, a provider and rules on the command line`, {
    skip: engine.skip,
    timeout: 120_000,
  }, async (t) => {
    const dns = await dnsServer(t)
    const app = await server(t, { engine })
    const environment = { ...app.environment, SUMUN_ISSUER: app.url, SUMUN_DNS_SERVERS: dns.address }
    const run = (words: string[], input = '') => sumun(words, { environment, input })
    assert.equal((await run(['org', 'add', 'hangang', '--name', '한강전기'])).exitCode, 0)
    assert.match((await run(['org', 'add', 'hangang'])).stderr, /There is an organisation hangang already/)
    assert.match((await run(['org', 'list'])).stdout, /hangang +한강전기 +active +org_/)
    const added = await run(['org', 'domain', 'add', 'hangang', 'corp.example', '--json'])
    const early = await run(['org', 'domain', 'verify', 'hangang', 'corp.example'])
    assert.deepEqual([early.exitCode, /There is no TXT record/.test(early.stderr)], [1, true])
    dns.records.set(added.json.record.name, [added.json.record.value])
    assert.equal((await run(['org', 'domain', 'verify', 'hangang', 'corp.example'])).exitCode, 0)
    assert.match((await run(['org', 'domain', 'list', 'hangang'])).stdout, /corp\.example +verified/)

    const kim = await verifiedUser(app, { email: 'kim@corp.example' })
    const member = ['hangang', kim.email]
    assert.equal((await run(['org', 'member', 'add', ...member, '--roles', 'admin,billing'])).exitCode, 0)
    assert.match((await run(['org', 'member', 'list', 'hangang'])).stdout, /kim@corp\.example +admin,billing/)
    assert.match(
      (await run(['org', 'member', 'role', ...member, '--roles', 'billing'])).stdout,
      /: billing$/m,
    )
    assert.equal((await run(['org', 'invite', 'hangang', 'lee@corp.example', '--locale', 'ko'])).exitCode, 0)
    const mail = await messageTo(app.environment.SUMUN_DATA as string, 'lee@corp.example')
    assert.match(mail.subject, /한강전기에서 초대했습니다/)

    const metadata = (await samlIdp()).metadata()
    const connect = ['connection', 'add', '--preset', 'saml', '--slug', 'corp', '--org', 'hangang']
    const connected = await run([...connect, '--metadata-stdin', '--json'], metadata)
    assert.equal(connected.exitCode, 0, connected.stdout + connected.stderr)
    assert.equal(connected.json.names.ko, '한강전기')
    assert.match((await run(['connection', 'test', 'corp'])).stdout, /ok +keys: a certificate/)

    await app.post('/login', { json: { username: kim.email, password: kim.password } })
    const strict = ['org', 'rehearse', 'hangang', '--policy', '{"methods":["saml"]}']
    const rehearsed = await run(strict)
    assert.equal(rehearsed.exitCode, 4, rehearsed.stdout)
    assert.match(rehearsed.stdout, /kim@corp\.example/)
    assert.equal((await run(['org', 'rehearse', 'hangang', '--policy', '{}'])).exitCode, 0)
    const bad = await run(['org', 'update', 'hangang', '--policy', '{"acr":"aal7"}'])
    assert.deepEqual([bad.exitCode, /policy/.test(bad.stderr)], [1, true])
    assert.match((await run(['org', 'update', 'hangang', '--policy', '{"acr":"aal2"}'])).stdout, /active/)
    assert.match((await run(['org', 'show', 'hangang'])).stdout, /policy +\{"acr":"aal2"\}/)
    assert.equal((await run(['org', 'domain', 'remove', 'hangang', 'corp.example'])).exitCode, 1)
    assert.equal((await run(['org', 'member', 'remove', ...member, '--yes'])).exitCode, 0)
    assert.equal((await run(['org', 'remove', 'hangang', '--yes'])).exitCode, 0)
    assert.equal((await run(['connection', 'show', 'corp'])).exitCode, 1)
  })
