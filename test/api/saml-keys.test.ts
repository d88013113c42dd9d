import assert from 'node:assert/strict'
import { createPublicKey, createVerify, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { encrypt } from 'xml-encryption'
import { findSamlApplication, rotateSamlKey } from '../../src/engine/clients/saml-applications.ts'
import { rotateConnectionKey, updateConnection } from '../../src/engine/connections/connections.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { connectSaml, type SamlIdp, samlIdp } from '../support/saml-idp.ts'
import { postedFields, samlSp } from '../support/saml-sp.ts'

const certificatesAt = async (app: TestServer, path: string) => {
  const { body } = await app.get(path)
  const found = [...(body as string).matchAll(/use="signing">.*?<ds:X509Certificate>([^<]+)</gs)]
  return found.map(([, base64]) => new X509Certificate(Buffer.from(base64 as string, 'base64')))
}

const encryptFor = promisify(encrypt)

async function signIn(app: TestServer, idp: SamlIdp, encryptedFor: X509Certificate | undefined) {
  const { body: attempt } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
  const begun = await app.post(`/v1/attempts/${attempt.id}/saml`, { json: { connection: 'corp' } })
  const url = new URL(begun.body.challenge.redirect_url)
  const { SAMLResponse, RelayState } = idp.answer(url.href)
  const xml = Buffer.from(SAMLResponse, 'base64').toString()
  const assertion = /<saml:Assertion.*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
  const inside =
    encryptedFor &&
    (await encryptFor(assertion, {
      rsa_pub: String(encryptedFor.publicKey.export({ type: 'spki', format: 'pem' })),
      pem: encryptedFor.toString(),
      encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    }))
  const sent = inside
    ? xml.replace(
        assertion,
        () =>
          `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${inside}</saml:EncryptedAssertion>`,
      )
    : xml
  const json = { state: RelayState, saml_response: Buffer.from(sent).toString('base64') }
  const { status } = await app.post(`/v1/attempts/${attempt.id}/saml/answer`, { json })
  return { status, url }
}

/** By which of the keys a request by redirect is signed. */
function signerOf({ search }: URL, certificates: readonly X509Certificate[]): number {
  const [signed = '', signature = ''] = search.slice(1).split('&Signature=')
  return certificates.findIndex(({ publicKey }) =>
    createVerify('RSA-SHA256')
      .update(signed)
      .verify(
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        decodeURIComponent(signature),
        'base64',
      ),
  )
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: our key for a provider changes in two steps, and no sign-in fails`,
    options,
    async (t) => {
      const [app, idp] = [await server(t, { engine }), await samlIdp()]
      const connection = await connectSaml(app, idp, { settings: { sign_requests: true } })
      const { engine: running } = app.running
      const [first, ...others] = await certificatesAt(app, '/v1/connections/corp/metadata')
      assert.ok(first && others.length === 0)
      const step = async (step: 'begin' | 'finish') => {
        const now = await running.store.connections.find(connection.id)
        assert.ok(now)
        return rotateConnectionKey(running, { connection: now, step, actor: 'test' })
      }
      await assert.rejects(step('finish'), { code: 'invalid_fields' })
      const wrong = { connection, revision: null, change: { secret: 'no key' }, actor: 'test' }
      await assert.rejects(updateConnection(running, wrong), { code: 'invalid_fields' })
      await step('begin')
      const [stays, next] = await certificatesAt(app, '/v1/connections/corp/metadata')
      assert.ok(stays && next)
      assert.equal(stays.fingerprint256, first.fingerprint256)
      for (const certificate of [undefined, first, next]) {
        const { status, url } = await signIn(app, idp, certificate)
        assert.deepEqual([status, signerOf(url, [first, next])], [200, 0])
      }
      const { secretExpiresAt } = await step('finish')
      assert.equal(secretExpiresAt, connection.secretExpiresAt)
      assert.deepEqual(
        (await certificatesAt(app, '/v1/connections/corp/metadata')).map(
          ({ fingerprint256 }) => fingerprint256,
        ),
        [next.fingerprint256],
      )
      for (const certificate of [undefined, first, next]) {
        const { status, url } = await signIn(app, idp, certificate)
        assert.deepEqual([status, signerOf(url, [first, next])], [200, 1])
      }
      await step('begin')
      await step('finish')
      assert.equal((await signIn(app, idp, first)).status, 400, 'two changes later it opens nothing')
    },
  )

  test(`${engine.name}: the key that signs for an application changes in two steps`, options, async (t) => {
    const app = await server(t, { engine })
    const { engine: running } = app.running
    const wiki = await samlSp(app)
    const kim = await verifiedUser(app)
    const browser = openPageBrowser(app.url)
    const named = await browser.submit(await browser.open(`${app.url}/signin`), { username: kim.email })
    await browser.submit(named, { password: kim.password })
    const signer = async (certificates: readonly X509Certificate[]) => {
      const { text } = await browser.open(await wiki.request())
      const xml = Buffer.from(postedFields(text, wiki.acs).SAMLResponse ?? '', 'base64').toString()
      const base64 = /<ds:X509Certificate>([^<]+)</.exec(xml)?.[1] ?? ''
      return certificates.findIndex(({ raw }) => raw.toString('base64') === base64.replaceAll(/\s/g, ''))
    }
    const step = async (step: 'begin' | 'finish') =>
      rotateSamlKey(running, {
        application: await findSamlApplication(running, { slug: 'wiki' }),
        step,
        actor: 'test',
      })
    await step('begin')
    const both = await certificatesAt(app, '/saml/wiki/metadata')
    assert.equal(both.length, 2)
    assert.equal(await signer(both), 0)
    await wiki.read(postedFields((await browser.open(await wiki.request())).text, wiki.acs))
    await step('finish')
    assert.equal(await signer(both), 1)
    assert.equal((await certificatesAt(app, '/saml/wiki/metadata')).length, 1)
    await assert.rejects(wiki.read(postedFields((await browser.open(await wiki.request())).text, wiki.acs)))
  })
}
