import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SignedXml } from 'xml-crypto'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { asOperator } from '../support/operator.ts'
import { samlIdp } from '../support/saml-idp.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'

async function signer() {
  const key = readOwnKey(await createOwnKey('federation.example', Date.now()))
  if (!key) throw new Error('no key')
  const certificate = (key.certificates[0] as string).replaceAll(/-----[^-]+-----|\s/g, '')
  const sign = (xml: string): string => {
    const signed = new SignedXml({
      privateKey: key.privatePem,
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      canonicalizationAlgorithm: exclusive,
    })
    const digestAlgorithm = 'http://www.w3.org/2001/04/xmlenc#sha256'
    signed.addReference({
      xpath: '/*',
      transforms: [`${signature}enveloped-signature`, exclusive],
      digestAlgorithm,
    })
    signed.computeSignature(xml, { location: { reference: '/*', action: 'prepend' } })
    return signed.getSignedXml()
  }
  return { certificate, sign }
}

/** An aggregate of a federation. */
async function aggregate(entities: number, wanted: string): Promise<string> {
  const one = (await samlIdp({ entityId: wanted })).metadata().replace(/<\?xml[^>]*\?>/, '')
  const others = Array.from({ length: entities }, (_, index) =>
    one.replaceAll(wanted, `https://idp${index}.example/metadata`),
  )
  return `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="all">${others.join('')}${one}</md:EntitiesDescriptor>`
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: metadata counts if the demanded certificate has signed it`, options, async (t) => {
    const app = await server(t, { engine })
    const [token, ours, other] = [await asOperator(app), await signer(), await signer()]
    const plain = (await samlIdp({ entityId: 'https://idp.corp.example' })).metadata()
    const withId = plain.replace('<md:EntityDescriptor', '<md:EntityDescriptor ID="_own"')
    const add = (slug: string, metadata: string, more = {}) =>
      app.post('/v1/admin/connections', {
        json: { preset: 'saml', slug, metadata, metadata_certificate: ours.certificate, ...more },
        token,
      })
    const made = await add('good', ours.sign(withId))
    assert.deepEqual([made.status, made.body.settings.metadata_certificate], [201, ours.certificate])
    const evil = withId.replaceAll('https://idp.corp.example', 'https://evil.example')
    const signed = ours.sign(withId)
    const bad: [name: string, metadata: string, said: RegExp][] = [
      ['unsigned', plain, /not signed/],
      ['by another', other.sign(withId), /does not verify/],
      ['changed', signed.replaceAll('https://idp.corp.example/', 'https://evil.example/'), /does not verify/],
      [
        'wrapped',
        evil.replace('>', `>${/<Signature[\s\S]*<\/Signature>/.exec(signed)?.[0] ?? ''}`),
        /verify|one/,
      ],
    ]
    for (const [name, metadata, said] of bad) {
      const { status, body } = await add(name.replaceAll(' ', '-'), metadata)
      assert.equal(status, 400, name)
      assert.match(body.detail, said, name)
    }
    // It stays demanded.
    const change = (metadata: string) =>
      app.call('PATCH', `/v1/admin/connections/${made.body.id}`, { json: { metadata }, token })
    assert.match((await change(plain)).body.detail, /not signed/)
    assert.equal((await change(ours.sign(withId))).status, 200)
  })

  test(
    `${engine.name}: one provider of a federation's large aggregate is read by its address`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [token, ours] = [await asOperator(app), await signer()]
      const entityId = 'https://idp.univ.example/metadata'
      const xml = ours.sign(await aggregate(1_200, entityId))
      assert.ok(xml.length > 2 * 1024 * 1024)
      const there = createServer((_, reply) => reply.end(xml))
      await new Promise<void>((resolve) => there.listen(0, '127.0.0.1', resolve))
      t.after(() => there.close())
      const url = `http://127.0.0.1:${(there.address() as AddressInfo).port}/`
      const add = (slug: string, more: object) =>
        app.post('/v1/admin/connections', {
          json: { preset: 'saml', slug, metadata_url: url, ...more },
          token,
        })
      const given = { entity_id: entityId, metadata_certificate: ours.certificate }
      const beside = Promise.all(Array.from({ length: 20 }, () => app.get('/healthz')))
      const made = await add('univ', given)
      assert.equal(made.status, 201, JSON.stringify(made.body))
      assert.equal(made.body.settings.entity_id, entityId)
      assert.ok((await beside).every(({ status }) => status === 200))
      assert.match((await add('unnamed', {})).body.detail, /1201 such entities/)
      const foreign = { ...given, metadata_certificate: (await signer()).certificate }
      assert.match((await add('foreign', foreign)).body.detail, /does not verify/)
    },
  )
}
