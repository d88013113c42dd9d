import { UpstreamFault } from '../../domain/connection.ts'
import { refuseWeakEncryption, refuseWeakSignatures } from './algorithms.ts'
import { opened, withOpenNameId } from './decrypt.ts'
import { invalid } from './invalid.ts'
import { nodeSaml } from './node-saml.ts'
import { type Assertion, type Expected, hasStrayAssertion, readAssertion } from './read-assertion.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, children, onlyChild, parseXml, textOf } from './xml.ts'

const bytesMax = 256 * 1024
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const cancelled = new Set(
  ['AuthnFailed', 'RequestDenied'].map((code) => `urn:oasis:names:tc:SAML:2.0:status:${code}`),
)

/**
 * The assertion of a response by HTTP-POST (SAML Bindings §3.5). The library verifies the signature; the rest
 * is checked here, and read from nothing but what was signed. `privateKeys`: for encrypted assertions, PEM.
 * Throws UpstreamFault.
 */
export async function readResponse(
  given: { response: string; settings: SamlSettings; privateKeys: readonly string[] },
  expected: Expected,
): Promise<Assertion> {
  const { response, settings, privateKeys } = given
  const xml = decoded(response)
  const root = parseXml(xml)
  checkEnvelope(root, expected)
  refuseWeakSignatures(root, settings)
  refuseWeakEncryption(root, settings)
  // The signature inside what is encrypted: the library accepts any algorithm there.
  let privateKey: string | null = null
  for (const encrypted of children(root, 'assertion', 'EncryptedAssertion')) {
    const found = await opened(encrypted, privateKeys)
    refuseWeakSignatures(found.content, settings)
    privateKey = found.privateKey
  }
  const signed = await verifiedAssertion({ response, settings, privateKey }, expected)
  return readAssertion(await withOpenNameId(signed, privateKeys), expected)
}

function decoded(response: string): string {
  if (response.length > (bytesMax * 4) / 3) throw invalid('the response is too large')
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(response)) throw invalid('the response is not in base64')
  return Buffer.from(response, 'base64').toString('utf8')
}

/** What stands around the assertion; it may be unsigned, so it can refuse, and says nothing. */
function checkEnvelope(root: Element, expected: Expected): void {
  if (root.localName !== 'Response' || attributeOf(root, 'Version') !== '2.0')
    throw invalid('there is no response of SAML 2.0')
  checkStatus(root)
  if (attributeOf(root, 'InResponseTo') !== expected.inResponseTo)
    throw invalid('the response is to another request')
  const destination = attributeOf(root, 'Destination')
  const isSigned = children(root, 'signature', 'Signature').length > 0
  if (destination === null ? isSigned : destination !== expected.recipient)
    throw invalid('the response is for another address')
  const issuer = children(root, 'assertion', 'Issuer')
  if (issuer.length > 1 || (issuer[0] && textOf(issuer[0]) !== expected.issuer))
    throw invalid('the response is of another issuer')
  const assertions = [
    ...children(root, 'assertion', 'Assertion'),
    ...children(root, 'assertion', 'EncryptedAssertion'),
  ]
  if (assertions.length !== 1 || hasStrayAssertion(root)) throw invalid('there must be one assertion')
}

function checkStatus(root: Element): void {
  const code = onlyChild(onlyChild(root, 'protocol', 'Status'), 'protocol', 'StatusCode')
  if (attributeOf(code, 'Value') === success) return
  const [further] = children(code, 'protocol', 'StatusCode')
  const said = (further && attributeOf(further, 'Value')) ?? attributeOf(code, 'Value') ?? 'none'
  const detail = `the identity provider answered ${said.slice(0, 100)}`
  throw new UpstreamFault(cancelled.has(said) ? 'cancelled' : 'invalid', detail)
}

/** The assertion, exactly as it was signed. Throws UpstreamFault. */
export async function verifiedAssertion(
  { response, settings, privateKey }: { response: string; settings: SamlSettings; privateKey: string | null },
  { audience, issuer, recipient }: Pick<Expected, 'audience' | 'issuer' | 'recipient'>,
): Promise<string> {
  const { SAML } = await nodeSaml()
  const saml = new SAML({
    callbackUrl: recipient,
    issuer: audience,
    idpIssuer: issuer,
    idpCert: [...settings.certificates],
    audience: false, // checked below, as are times: by the clock of this server
    acceptedClockSkewMs: -1,
    wantAuthnResponseSigned: false,
    wantAssertionsSigned: false, // then the whole response must be
    ...(privateKey !== null && { decryptionPvk: privateKey }),
  })
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: response.replaceAll(/\s/g, '') })
    const signed = profile?.getAssertionXml?.()
    if (signed) return signed
  } catch (error) {
    throw invalid(`the signature does not verify: ${(error as Error).message.slice(0, 100)}`, error)
  }
  throw invalid('nothing is signed')
}
