import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import {
  connectSaml,
  type SamlAnswer,
  type SamlIdp,
  samlAnswerOf,
  samlIdp,
  sign,
} from '../support/saml-idp.ts'

async function begin(app: TestServer, slug = 'corp') {
  const { body: attempt } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
  const begun = await app.post(`/v1/attempts/${attempt.id}/saml`, { json: { connection: slug } })
  assert.equal(begun.status, 200, JSON.stringify(begun.body))
  return { attempt: attempt.id as string, url: begun.body.challenge.redirect_url as string }
}

const finish = (app: TestServer, attempt: string, form: ReturnType<SamlIdp['answer']>) =>
  app.post(`/v1/attempts/${attempt}/saml/answer`, { json: samlAnswerOf(form) })

async function signIn(app: TestServer, idp: SamlIdp, given: SamlAnswer = {}, slug = 'corp') {
  const { attempt, url } = await begin(app, slug)
  return finish(app, attempt, idp.answer(url, given))
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: a response signed as a whole, or its assertion, signs in once`,
    options,
    async (t) => {
      const [app, idp] = [await server(t, { engine }), await samlIdp()]
      const { clientId } = await connectSaml(app, idp)
      assert.equal(clientId, `${app.url}/v1/connections/corp/metadata`)
      const subjects = new Set()
      for (const signs of ['assertion', 'response', 'both'] as const) {
        const { attempt, url } = await begin(app)
        const form = idp.answer(url, { signs, attributes: { displayName: '김민지' } })
        const done = await finish(app, attempt, form)
        assert.equal(done.status, 200, `${signs} ${JSON.stringify(done.body)}`)
        const claims = decodeJwt(done.body.access_token)
        subjects.add(claims.sub)
        assert.deepEqual([claims.amr, claims.acr], [['fed'], 'aal1'])
        const { body: me } = await app.get('/v1/me', { token: done.body.access_token })
        assert.equal(me.name, '김민지')
        // The same response again, and in another attempt.
        assert.notEqual((await finish(app, attempt, form)).status, 200)
        const other = await begin(app)
        const replayed = { ...form, RelayState: new URL(other.url).searchParams.get('RelayState') ?? '' }
        assert.equal((await finish(app, other.attempt, replayed)).body.code, 'answer_refused')
      }
      assert.equal(subjects.size, 1)
    },
  )
}

const evil = 'https://evil.example'
const assertionOf = (xml: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] as string
const another = (xml: string) =>
  assertionOf(xml)
    .replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, '')
    .replace('>kim<', '>admin<')
const withNewId = (xml: string) => xml.replace(/ ID="_[0-9a-f]+"/, ' ID="_evil"')

/** Each says something that must be refused, or read as it was signed. */
const hostile: Record<string, SamlAnswer> = {
  'nothing is signed': { signs: 'nothing' },
  'another issuer': { issuer: evil },
  'another audience': { audience: evil },
  'another recipient': { recipient: `${evil}/acs` },
  'another destination': { destination: `${evil}/acs` },
  'a signed response without destination': { signs: 'response', destination: null },
  'another request': { inResponseTo: '_0000000000' },
  'no request': { inResponseTo: '' },
  'a method other than bearer': { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' },
  'a failure': { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
  'an hour ago': { now: Date.now() - 3_600_000 },
  'in an hour': { now: Date.now() + 3_600_000 },
  'SHA-1': { algorithm: 'sha1' },
  'an empty NameID': { nameId: ' ' },
  'a transient NameID': { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
  'no NameID': { change: (xml) => xml.replace(/<saml:NameID[\s\S]*?<\/saml:NameID>/, '') },
  'two NameIDs': { change: (xml) => xml.replace(/(<saml:NameID[\s\S]*?<\/saml:NameID>)/, '$1$1') },
  'no confirmation': {
    change: (xml) => xml.replace(/<saml:SubjectConfirmation [\s\S]*<\/saml:SubjectConfirmation>/, ''),
  },
  'no conditions': { change: (xml) => xml.replace(/<saml:Conditions[\s\S]*<\/saml:Conditions>/, '') },
  'no audience': {
    change: (xml) => xml.replace(/<saml:AudienceRestriction>[\s\S]*<\/saml:AudienceRestriction>/, ''),
  },
  'no authentication statement': {
    change: (xml) => xml.replace(/<saml:AuthnStatement[\s\S]*<\/saml:AuthnStatement>/, ''),
  },
  'a session that has ended': {
    change: (xml) => xml.replace(' SessionIndex', ' SessionNotOnOrAfter="2020-01-01T00:00:00Z" SessionIndex'),
  },
  'an attribute twice': {
    change: (xml) =>
      xml.replace(
        '</saml:Assertion>',
        '<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>1</saml:AttributeValue></saml:Attribute><saml:Attribute Name="a"><saml:AttributeValue>2</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>',
      ),
  },
  'a changed name': { tamper: (xml) => xml.replace('>kim<', '>admin<') },
  'a signature without value': {
    tamper: (xml) => xml.replace(/<ds:SignatureValue>[\s\S]*?<\/ds:SignatureValue>/, '<ds:SignatureValue/>'),
  },
  // Somorovsky et al., On Breaking SAML (2012).
  'XSW 1: the signed response is kept within the signature of a copy': {
    signs: 'response',
    tamper(xml) {
      const signature = /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(xml)?.[0] as string
      const original = xml.replace(signature, '')
      const wrapped = signature.replace(
        '</ds:Signature>',
        `<ds:Object>${original}</ds:Object></ds:Signature>`,
      )
      return withNewId(original.replace('>kim<', '>admin<')).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${wrapped}`,
      )
    },
  },
  'XSW 2: the signed response stands before the signature of a copy': {
    signs: 'response',
    tamper(xml) {
      const signature = /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(xml)?.[0] as string
      const original = xml.replace(signature, '')
      return withNewId(original.replace('>kim<', '>admin<')).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${original}${signature}`,
      )
    },
  },
  'XSW 3: another assertion before the signed one': {
    tamper: (xml) => xml.replace('<saml:Assertion', `${withNewId(another(xml))}<saml:Assertion`),
  },
  'XSW 4: the signed assertion within another': {
    tamper(xml) {
      const signed = assertionOf(xml)
      return xml.replace(
        signed,
        withNewId(another(xml)).replace('</saml:Assertion>', `${signed}</saml:Assertion>`),
      )
    },
  },
  'XSW 7: the signed assertion in an extension': {
    tamper(xml) {
      const signed = assertionOf(xml)
      const extension = `<samlp:Extensions>${signed}</samlp:Extensions>`
      return xml.replace(signed, another(xml)).replace('<samlp:Status>', `${extension}<samlp:Status>`)
    },
  },
  'XSW 8: the signed assertion in an object of the signature': {
    tamper(xml) {
      const signed = assertionOf(xml)
      const signature = /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(signed)?.[0] as string
      const object = `<ds:Object>${signed.replace(signature, '')}</ds:Object></ds:Signature>`
      const forged = withNewId(another(xml)).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${signature.replace('</ds:Signature>', object)}`,
      )
      return xml.replace(signed, forged)
    },
  },
  'a document type with an entity': {
    tamper: (xml) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml}`,
  },
  'an entity bomb': {
    tamper: (xml) =>
      `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]>${xml.replace('>kim<', '>&b;<')}`,
  },
  'a stylesheet': { tamper: (xml) => `<?xml-stylesheet href="${evil}"?>${xml}` },
  'a processing instruction in NameID': { change: (xml) => xml.replace('>kim<', '>ki<?x y?>m<') },
  'two roots': { tamper: (xml) => `${xml}<samlp:Response/>` },
  'text after the root': { tamper: (xml) => `${xml}<` },
  XInclude: {
    tamper: (xml) =>
      xml.replace(
        '<samlp:Status>',
        `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${evil}"/><samlp:Status>`,
      ),
  },
  'an undeclared prefix': { tamper: (xml) => xml.replace('<samlp:Status>', '<xi:include/><samlp:Status>') },
  'a key to fetch': {
    tamper: (xml) =>
      xml.replace(/<ds:X509Data>[\s\S]*?<\/ds:X509Data>/, `<ds:RetrievalMethod URI="${evil}/key"/>`),
  },
  'HMAC with the public key': {
    tamper: (xml) =>
      xml.replace(
        'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
      ),
  },
  'an XSLT transform': {
    tamper: (xml) =>
      xml.replace(
        'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
        'http://www.w3.org/TR/1999/REC-xslt-19991116',
      ),
  },
  'no base64': { tamper: () => '' },
  'ten thousand elements deep': { tamper: () => '<a>'.repeat(10_000) },
}

test('hostile responses are refused, each by itself', async (t) => {
  const [app, idp] = [await server(t), await samlIdp()]
  await connectSaml(app, idp)
  assert.equal((await signIn(app, idp)).status, 200)
  const own = await samlIdp()
  const foreign: SamlAnswer = { change: (xml) => sign(xml, 'Assertion', own), signs: 'nothing' }
  for (const [name, given] of Object.entries({ ...hostile, 'the key of another': foreign })) {
    const { status, body } = await signIn(app, idp, given)
    assert.ok(status >= 400 && status < 500, `${name}: ${status} ${JSON.stringify(body)}`)
    assert.ok(['answer_refused', 'invalid_fields'].includes(body.code), `${name}: ${body.code}`)
  }
})

test('comments and CDATA in NameID change nothing of who it is', async (t) => {
  const [app, idp] = [await server(t), await samlIdp()]
  await connectSaml(app, idp)
  const subject = async (given: SamlAnswer) =>
    decodeJwt((await signIn(app, idp, given)).body.access_token ?? '').sub
  const owner = await subject({ nameId: 'admin@corp.example' })
  const thief = await subject({ nameId: 'admin@corp.example<!-- -->.evil.example' })
  assert.notEqual(thief, owner)
  assert.equal(await subject({ nameId: 'admin@corp.example.evil.example' }), thief)
  assert.equal(await subject({ nameId: '<![CDATA[admin@corp.example]]>' }), owner)
  // A comment that is put in after signing is not signed, and is not read (CVE-2018-0489).
  const tampered = await subject({
    nameId: 'admin@corp.example.evil.example',
    tamper: (xml) => xml.replace('admin@corp.example.evil', 'admin@corp.example<!---->.evil'),
  })
  assert.equal(tampered, thief)
})

test('a response for one connection is of no use at another, nor in another browser', async (t) => {
  const [app, idp] = [await server(t), await samlIdp()]
  await connectSaml(app, idp)
  await connectSaml(app, idp, { slug: 'twin' })
  const [own, other] = [await begin(app), await begin(app, 'twin')]
  const form = idp.answer(own.url)
  const state = new URL(other.url).searchParams.get('RelayState') ?? ''
  assert.equal((await finish(app, other.attempt, { ...form, RelayState: state })).body.code, 'answer_refused')
  assert.equal((await finish(app, other.attempt, form)).status, 400)
  assert.equal((await finish(app, own.attempt, form)).status, 200)
  // Unsolicited: there is no request that it answers.
  const page = await app.post('/v1/callback/corp', {
    form: { SAMLResponse: form.SAMLResponse, RelayState: 'https://evil.example/' },
  })
  assert.match(String(page.body), /took too long|another browser|Start again|again/i)
  assert.ok(!String(page.body).includes('evil.example'))
})
