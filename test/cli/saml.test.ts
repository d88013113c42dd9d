import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
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
