import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { samlIdp } from '../support/saml-idp.ts'
import { samlSp } from '../support/saml-sp.ts'
import { sumun } from '../support/sumun.ts'

for (const engine of engines)
  test(`${engine.name}: an application by SAML is registered by its metadata, changed and removed`, {
    skip: engine.skip,
    timeout: 120_000,
  }, async (t) => {
    const app = await server(t, { engine })
    const environment = { ...app.environment, SUMUN_ISSUER: app.url }
    const run = (words: string[], input = '') => sumun(['saml', ...words], { environment, input })
    const { metadata } = await samlSp(app, { slug: 'another' })
    const added = await run(['add', 'wiki', '--name', 'Wiki', '--metadata-stdin', '--json'], metadata())
    assert.equal(added.exitCode, 0, added.stderr)
    assert.equal(added.json.metadata_url, `${app.url}/saml/wiki/metadata`)
    assert.match(
      (await app.get('/saml/wiki/metadata')).body,
      /IDPSSODescriptor WantAuthnRequestsSigned="false"/,
    )
    assert.match(
      (await run(['add', 'wiki', '--metadata-stdin'], metadata())).stderr,
      /There is an application wiki/,
    )
    assert.match((await run(['add', 'shop'])).stderr, /--metadata or --metadata-stdin is required/)
    assert.match(
      (await run(['add', 'shop', '--metadata-stdin'], '<x/>')).stderr,
      /metadata: this is no metadata/,
    )
    const options = ['--name-id', 'email', '--attributes', '{"mail":"email"}', '--acr', 'aal2']
    const changed = await run([
      'update',
      'wiki',
      ...options,
      '--unsolicited',
      'yes',
      '--signed-requests',
      'yes',
    ])
    assert.match(changed.stdout, /NameID +email[\s\S]*mail = email[\s\S]*aal2[\s\S]*\/saml\/wiki\/start/)
    assert.match((await run(['update', 'wiki', '--attributes', '{"mail":"password"}'])).stderr, /attributes/)
    assert.match((await run(['list'])).stdout, /wiki +Wiki +https:\/\/wiki\.example\/saml/)
    assert.equal((await run(['remove', 'wiki', '--yes'])).exitCode, 0)
    assert.equal((await app.get('/saml/wiki/metadata')).status, 404)
  })

for (const engine of engines)
  test(`${engine.name}: a provider's changed metadata is shown before it counts`, {
    skip: engine.skip,
    timeout: 120_000,
  }, async (t) => {
    const app = await server(t, { engine })
    const environment = { ...app.environment, SUMUN_ISSUER: app.url }
    const run = (...words: string[]) => sumun(['connection', ...words], { environment, input: '' })
    const [first, second] = [await samlIdp(), await samlIdp()]
    const served = { xml: first.metadata() }
    const metadata = createServer((_, reply) => reply.end(served.xml))
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve))
    t.after(() => metadata.close())
    const url = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/`
    const added = await run('add', '--preset', 'saml', '--slug', 'corp', '--metadata', url)
    assert.equal(added.exitCode, 0, added.stderr)
    assert.match((await run('refresh', 'corp')).stdout, /corp is as its metadata says/)
    served.xml = second.metadata()
    const end = second.certificate.slice(-24)
    const asked = await run('refresh', 'corp')
    assert.deepEqual([asked.exitCode, asked.stderr.includes(`+ …${end}`)], [1, true], asked.stderr)
    assert.ok((await run('show', 'corp')).stdout.includes(first.certificate.slice(-24)))
    const taken = await run('refresh', 'corp', '--yes')
    assert.match(taken.stdout, /certificates[\s\S]*changed corp/)
    assert.ok((await run('show', 'corp')).stdout.includes(end))
    served.xml = served.xml.replace('entityID="', 'entityID="https://evil.example/')
    assert.match((await run('refresh', 'corp', '--yes')).stderr, /the metadata has no entity/)
  })
