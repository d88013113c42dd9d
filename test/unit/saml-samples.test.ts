import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { entityIn } from '../../src/federation/saml/entity.ts'
import { readMetadata } from '../../src/federation/saml/metadata.ts'
import { readResponse, verifiedAssertion } from '../../src/federation/saml/read-response.ts'

// Responses and metadata of other projects, read at the time of each (CONTRIBUTING.md says where to get them).
const root = join(import.meta.dirname, '../../../shared/samples/saml')
const skip = existsSync(root)
  ? false
  : 'no SAML samples in ../shared/samples; CONTRIBUTING.md says where to get them'
const files = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name))
    : []
const plain = (text: string): string => text.replaceAll(/-----[A-Z ]+-----|\s/g, '')
const xmlOf = (file: string): string => {
  const text = readFileSync(join(root, file), 'utf8')
  return text.trimStart().startsWith('<') ? text : Buffer.from(text, 'base64').toString()
}
const certificatesIn = (xml: string): string[] =>
  [...xml.matchAll(/<(?:\w+:)?X509Certificate[^>]*>([^<]{100,})</g)].map(([, text]) => plain(text as string))

/** What the response itself says that it is for, so that nothing else than what is wrong with it refuses it. */
function settle(xml: string, certificates: readonly string[]) {
  const one = (pattern: RegExp) => pattern.exec(xml)?.[1] ?? 'none'
  const issuer = one(/<(?:\w+:)?Issuer[^>]*>\s*([^<\s]+)/)
  const issued = /Assertion[^>]*IssueInstant="([^"]+)"/.exec(xml)?.[1] ?? one(/IssueInstant="([^"]+)"/)
  const settings = {
    ...{ entity_id: issuer, sign_in_url: 'https://idp.example', certificates: [...certificates] },
    ...({ sha1: true, encryption: 'cbc' } as const),
  }
  const expected = {
    ...{
      issuer,
      audience: one(/<(?:\w+:)?Audience>\s*([^<\s]+)/),
      inResponseTo: one(/InResponseTo="([^"]+)"/),
    },
    ...{ recipient: one(/Destination="([^"]+)"/), now: Date.parse(issued) + 1000 },
  }
  return {
    given: { response: Buffer.from(xml).toString('base64'), settings, privateKey: null, privateKeys: [] },
    expected,
  }
}
const readWithOwnKey = (file: string) => {
  const xml = xmlOf(file)
  const { given, expected } = settle(xml, certificatesIn(xml).slice(0, 10))
  return readResponse(given, expected)
}

test('signatures that hold are verified, and the others are not', { skip }, async () => {
  const certificates = [plain(readFileSync(join(root, 'certs/cert.pem'), 'utf8'))]
  const verify = (file: string) => {
    const { given, expected } = settle(xmlOf(file), certificates)
    return verifiedAssertion(given, expected)
  }
  const good = files('responses/node-saml-valid').filter((file) => !file.includes('encrypted'))
  const bad = files('responses/node-saml-invalid')
  assert.deepEqual([good.length, bad.length], [15, 20])
  for (const file of good) assert.match(await verify(file), /Assertion/, file)
  for (const file of bad) await assert.rejects(verify(file), { name: 'Error' }, file)
})

test('signature wrapping of crewjam/saml is refused, and what it wraps is signed', { skip }, async () => {
  const folder = 'responses/crewjam-xsw'
  const certificates = certificatesIn(readFileSync(join(root, folder, 'idp-metadata.xml'), 'utf8'))
  for (const file of files(folder).filter((name) => name.endsWith('.b64'))) {
    const { given, expected } = settle(xmlOf(file), certificates)
    if (file.includes('good')) assert.match(await verifiedAssertion(given, expected), /Assertion/)
    else await assert.rejects(readResponse(given, expected), { reason: 'invalid' }, file)
  }
})

test('every invalid response of the SAML toolkits is refused', { skip }, async () => {
  const invalid = [...files('responses/ruby-saml/invalids'), ...files('responses/python3-saml/invalids')]
  const attacks = files('responses/ruby-saml').filter((file) =>
    /attack|wrapped|undefined_recipient/.test(file),
  )
  assert.ok(invalid.length >= 45 && attacks.length >= 6)
  for (const file of [...invalid, ...attacks])
    await assert.rejects(
      readWithOwnKey(file),
      (error: Error & { reason?: string }) => error.reason !== undefined,
      file,
    )
})

test('complete responses of the SAML toolkits are accepted', { skip }, async () => {
  for (const file of [
    'responses/ruby-saml/response_with_ds_namespace_at_the_root.xml.base64',
    'responses/ruby-saml/signed_nameid_in_atts.xml',
    'responses/ruby-saml/signed_unqual_nameid_in_atts.xml',
    'responses/python3-saml/double_signed_response.xml.base64',
    'responses/python3-saml/signed_assertion_response.xml.base64',
    'responses/python3-saml/signed_message_response.xml.base64',
  ])
    assert.match((await readWithOwnKey(file)).nameId, /^_[0-9a-f]+$/, file)
})

test('metadata of large providers is read', { skip }, async () => {
  const read = async (file: string, entityId?: string) => {
    const wanted = {
      entityId,
      role: 'IDPSSODescriptor',
      signedBy: undefined,
      now: Date.UTC(2014, 0),
    } as const
    return readMetadata(await entityIn(readFileSync(join(root, 'metadata', file), 'utf8'), wanted))
  }
  const known: [file: string, certificates: number, entityId?: string][] = [
    ['okta-crewjam.xml', 1],
    ['google-workspace.xml', 2],
    ['adfs-federationmetadata.xml', 1],
    ['shibboleth-idp.xml', 1, 'https://idp.fccn.pt/idp/shibboleth'],
    ['several-idps-in-one-file.xml', 1, 'https://foo.example.com/access/saml/idp.xml'],
    ['testshib-shibboleth-aggregate.xml', 1, 'https://idp.testshib.org/idp/shibboleth'],
    ['two-signing-certs.xml', 2],
    ['sign-and-encrypt-differ.xml', 1],
    ['simplesamlphp-1.19.7-local.xml', 1],
    ['slo-response-location.xml', 1],
  ]
  for (const [file, certificates, entityId] of known) {
    const found = await read(file, entityId)
    assert.equal(found.certificates.length, certificates, file)
    assert.ok(URL.canParse(found.sign_in_url) && found.entity_id !== '', file)
  }
  for (const file of ['no-idp-descriptor.xml', 'signed-sp-metadata.xml'])
    await assert.rejects(read(file), { reason: 'invalid' }, file)
  await assert.rejects(read('several-idps-in-one-file.xml'), /name one/)
})
