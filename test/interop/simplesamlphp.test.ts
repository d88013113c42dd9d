import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addConnection, testConnection } from '../../src/engine/connections/connections.ts'
import { connectionBinding } from '../../src/engine/connections/upstreams.ts'
import { certificateBase64, readOwnKey } from '../../src/federation/saml/own-key.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/free-port.ts'
import { organisation, verifiedDomain } from '../support/organisations.ts'
import { skipWithoutSimpleSamlPhp, startSimpleSamlPhp } from '../support/simplesamlphp.ts'

// An identity provider that we did not write: Debian's SimpleSAMLphp, in a real browser.
const directory = {
  minji: {
    password: 'anything',
    attributes: {
      mail: ['minji@corp.example'],
      displayName: ['김민지'],
      groups: ['부서-개발', 'everyone'],
    },
  },
}

for (const engine of engines)
  test(`${engine.name}: a company's people sign in by SimpleSAMLphp, signed and encrypted, with the roles of their groups`, {
    skip: engine.skip || skipWithoutChromium || skipWithoutSimpleSamlPhp,
    timeout: 90_000,
  }, async (t) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const settings = { SUMUN_PORT: String(port), SUMUN_ISSUER: url, SUMUN_SIGNUP: 'closed' }
    const app = await server(t, { engine, settings })
    const { engine: running } = app.running
    const own = await organisation(app)
    await verifiedDomain(app, own)
    const draft = { preset: 'saml', slug: 'corp', organisationId: own.id, actor: 'test' }
    // Both sides need the other's metadata: ours is the same whatever theirs says.
    const entityId = `${url}/v1/connections/corp/metadata`
    const first = await addConnection(running, {
      ...draft,
      settings: {
        ...{ entity_id: 'later', sign_in_url: `${url}/later`, certificates: ['A'.repeat(100)] },
        ...{ sign_requests: true, encryption: 'cbc', roles: { '부서-개발': 'developer' } },
      },
    })
    const secret = running.sealer.open(first.secretSealed as string, connectionBinding(first.id))
    const certificate = certificateBase64(readOwnKey(secret)?.certificates[0] as string)
    const peer = await startSimpleSamlPhp(t, {
      directory,
      sp: { entityId, acs: `${url}/v1/callback/corp`, encryptionCertificate: certificate, signs: true },
    })
    const { updateConnection } = await import('../../src/engine/connections/connections.ts')
    const metadata = { url: peer.metadataUrl }
    const change = { connection: first, revision: null, change: { metadata }, actor: 'test' }
    const connection = await updateConnection(running, change)
    assert.equal(connection.settings.entity_id, peer.entityId)
    const findings = await testConnection(running, connection)
    assert.ok(
      findings.every(({ verdict }) => verdict === 'ok'),
      JSON.stringify(findings),
    )
    const described = await app.get('/v1/connections/corp/metadata')
    assert.ok(described.body.includes(certificate) && described.body.includes(`${url}/v1/callback/corp`))

    const look = { locale: 'ko-KR', viewport: { width: 360, height: 740 } }
    const page = await (await (await openBrowser(t)).newContext(look)).newPage()
    const begin = async () => {
      await page.goto(`${url}/signin`)
      await page.fill('[name=username]', 'minji@corp.example')
      await page.click('main form button:not([type=button])')
      await page.locator('form[action="/signin/with/corp"] button').click()
    }
    await begin()
    await page.fill('[name=username]', 'minji')
    await page.fill('[name=password]', 'anything')
    await page.locator('#submit_button, button[type=submit], input[type=submit]').first().click()
    await page.waitForURL(`${url}/account`)
    const [account, ...others] = await running.store.accounts.list({
      ...{ after: null, limit: 10, state: null, role: null },
    })
    assert.deepEqual(
      [
        others.length,
        account?.name,
        account?.identifiers.map(({ value, verifiedAt }) => [value, verifiedAt !== null]),
      ],
      [0, '김민지', [['minji@corp.example', true]]],
    )
    const key = { organisationId: own.id, accountId: account?.id as `acc_${string}` }
    assert.deepEqual((await running.store.memberships.find(key))?.roles, ['developer'])
    // In another group there: the roles follow at the next sign-in.
    peer.write({
      minji: { ...directory.minji, attributes: { ...directory.minji.attributes, groups: ['everyone'] } },
    })
    await page.context().clearCookies()
    await begin()
    await page.fill('[name=username]', 'minji')
    await page.fill('[name=password]', 'anything')
    await page.locator('#submit_button, button[type=submit], input[type=submit]').first().click()
    await page.waitForURL(`${url}/account`)
    assert.deepEqual((await running.store.memberships.find(key))?.roles, [])
    // Removed there: no way in is left.
    peer.write({})
    await page.context().clearCookies()
    await begin()
    await page.fill('[name=username]', 'minji')
    await page.fill('[name=password]', 'anything')
    await page.locator('#submit_button, button[type=submit], input[type=submit]').first().click()
    await page.getByText('Incorrect username or password').first().waitFor()
  })
