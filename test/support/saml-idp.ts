import { createSign, randomBytes, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { addConnection } from '../../src/engine/connections/connections.ts'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const iso = (at: number) => new Date(at).toISOString()

import type { TestServer } from './fixture.ts'

/** What is said of a user, and what is said otherwise than it should be. */
export interface SamlAnswer {
  nameId?: string
  nameIdFormat?: string
  attributes?: Record<string, string | string[]>
  issuer?: string
  audience?: string
  recipient?: string
  destination?: string | null
  inResponseTo?: string
  method?: string
  status?: string
  now?: number
  signs?: 'assertion' | 'response' | 'both' | 'nothing'
  algorithm?: 'sha256' | 'sha1'
  /** Of the assertion, before it is signed. */
  change?(assertion: string): string
  /** Of the response, when all is signed. */
  tamper?(response: string): string
}

export interface SamlIdp {
  entityId: string
  signInUrl: string
  privatePem: string
  /** DER in base64. */
  certificate: string
  metadata(): string
  /** Where the browser goes when its user signs out there: a LogoutRequest by redirect. */
  logout(
    destination: string,
    given: { nameId: string; change?(xml: string): string; algorithm?: string; key?: string; now?: number },
  ): string
  /** The fields of the form that comes back for an AuthnRequest. */
  answer(redirectUrl: string, given?: SamlAnswer): Record<'SAMLResponse' | 'RelayState', string>
}

/** An identity provider of our own, whose user is signed in: no server, since it is only ever a form. */
export async function samlIdp({
  entityId = 'https://idp.corp.example/metadata',
  signInUrl = 'https://idp.corp.example/sso',
} = {}): Promise<SamlIdp> {
  const key = readOwnKey(await createOwnKey('idp.corp.example', Date.now()))
  if (!key) throw new Error('no key')
  const { privatePem } = key
  const certificate = new X509Certificate(key.certificates[0] as string).raw.toString('base64')
  return {
    ...{ entityId, signInUrl, privatePem, certificate },
    metadata: () =>
      `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="${signature}" entityID="${entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signInUrl}/out"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signInUrl}"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
    logout(
      destination,
      { nameId, change = (xml) => xml, algorithm = rsaSha256, key = privatePem, now = Date.now() },
    ) {
      const xml = change(
        `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomBytes(16).toString('hex')}" Version="2.0" IssueInstant="${iso(now)}" Destination="${destination}"><saml:Issuer>${entityId}</saml:Issuer><saml:NameID>${nameId}</saml:NameID></samlp:LogoutRequest>`,
      )
      const deflated = deflateRawSync(Buffer.from(xml)).toString('base64')
      const signed = `SAMLRequest=${encodeURIComponent(deflated)}&RelayState=theirs&SigAlg=${encodeURIComponent(algorithm)}`
      const value = createSign('RSA-SHA256').update(signed).sign(key, 'base64')
      return `${destination}?${signed}&Signature=${encodeURIComponent(value)}`
    },
    answer(redirectUrl, given = {}) {
      const { searchParams } = new URL(redirectUrl)
      const request = requestIn(redirectUrl)
      const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(request)?.[1] ?? ''
      const audience = /<saml:Issuer[^>]*>([^<]*)</.exec(request)?.[1] ?? ''
      const asked = { id: of('ID'), acs: of('AssertionConsumerServiceURL'), audience }
      const xml = respond({ entityId, privatePem, certificate }, asked, given)
      return {
        SAMLResponse: Buffer.from(xml).toString('base64'),
        RelayState: searchParams.get('RelayState') ?? '',
      }
    },
  }
}

function respond(
  idp: { entityId: string; privatePem: string; certificate: string },
  asked: { id: string; acs: string; audience: string },
  given: SamlAnswer,
): string {
  const { now = Date.now(), issuer = idp.entityId, inResponseTo = asked.id, signs = 'assertion' } = given
  const { recipient = asked.acs, audience = asked.audience, destination = asked.acs } = given
  const { nameId = 'kim', nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' } = given
  const { method = 'urn:oasis:names:tc:SAML:2.0:cm:bearer', attributes = {} } = given
  const until = iso(now + 300_000)
  const values = Object.entries(attributes).map(
    ([name, value]) =>
      `<saml:Attribute Name="${name}">${[value]
        .flat()
        .map((one) => `<saml:AttributeValue>${one}</saml:AttributeValue>`)
        .join('')}</saml:Attribute>`,
  )
  const id = `_${randomBytes(16).toString('hex')}`
  const plain = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${iso(now)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${nameIdFormat}">${nameId}</saml:NameID><saml:SubjectConfirmation Method="${method}"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${recipient}" InResponseTo="${inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(now - 30_000)}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${iso(now)}" SessionIndex="s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${values.length > 0 ? `<saml:AttributeStatement>${values.join('')}</saml:AttributeStatement>` : ''}</saml:Assertion>`
  const changed = given.change?.(plain) ?? plain
  const assertion = ['assertion', 'both'].includes(signs) ? sign(changed, 'Assertion', idp, given) : changed
  const where = destination === null ? '' : ` Destination="${destination}"`
  const { status = 'urn:oasis:names:tc:SAML:2.0:status:Success' } = given
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_${randomBytes(16).toString('hex')}" Version="2.0" IssueInstant="${iso(now)}"${where} InResponseTo="${inResponseTo}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>${assertion}</samlp:Response>`
  const signed = ['response', 'both'].includes(signs) ? sign(response, 'Response', idp, given) : response
  return given.tamper?.(signed) ?? signed
}

/** Signs the element, as the large providers do: enveloped, after its issuer. */
export function sign(
  xml: string,
  name: 'Assertion' | 'Response' | 'AuthnRequest',
  { privatePem, certificate }: { privatePem: string; certificate: string },
  { algorithm = 'sha256' }: Pick<SamlAnswer, 'algorithm'> = {},
): string {
  const isOld = algorithm === 'sha1'
  const signer = new SignedXml({
    privateKey: privatePem,
    publicCert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`,
    signatureAlgorithm: isOld ? `${signature}rsa-sha1` : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: exclusive,
  })
  const at = `//*[local-name(.)='${name}']`
  signer.addReference({
    xpath: at,
    transforms: [`${signature}enveloped-signature`, exclusive],
    digestAlgorithm: isOld ? `${signature}sha1` : 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signer.computeSignature(xml, {
    location: { reference: `${at}/*[local-name(.)='Issuer']`, action: 'after' },
    prefix: 'ds',
  })
  return signer.getSignedXml()
}

/** The same behind an address of loopback: a page with a form that sends itself. `said`: of the next user. */
export async function servedSamlIdp(t: Pick<TestContext, 'after'>): Promise<SamlIdp & { said: SamlAnswer }> {
  const server = createServer((request, reply) => {
    const fields = Object.entries(idp.answer(`${base}${request.url}`, served.said))
    const action = acsIn(`${base}${request.url}`)
    const inputs = fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    reply.writeHead(200, { 'content-type': 'text/html' })
    reply.end(
      `<!doctype html><title>Directory</title><form method="post" action="${action}">${inputs.join('')}<button>Go on</button></form><script>document.forms[0].submit()</script>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://localhost:${(server.address() as AddressInfo).port}`
  const idp = await samlIdp({ signInUrl: `${base}/sso` })
  const served = { ...idp, said: {} as SamlAnswer }
  return served
}

const acsIn = (url: string): string => /AssertionConsumerServiceURL="([^"]*)"/.exec(requestIn(url))?.[1] ?? ''
const requestIn = (url: string): string =>
  inflateRawSync(Buffer.from(new URL(url).searchParams.get('SAMLRequest') ?? '', 'base64')).toString()

/** A connection of this server to it. */
export const connectSaml = (
  { running: { engine } }: TestServer,
  idp: Pick<SamlIdp, 'metadata'>,
  change: Partial<Parameters<typeof addConnection>[1]> = {},
) =>
  addConnection(engine, {
    ...{ preset: 'saml', slug: 'corp', actor: 'test', metadata: { xml: idp.metadata() } },
    ...change,
  })

/** The form that comes back, as the API takes it. */
export const samlAnswerOf = ({ SAMLResponse, RelayState }: ReturnType<SamlIdp['answer']>) => ({
  ...{ state: RelayState, saml_response: SAMLResponse },
})
