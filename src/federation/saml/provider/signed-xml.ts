import { refuseWeakSignatures } from '../algorithms.ts'
import { certificateIn } from '../certificate.ts'
import { invalid } from '../invalid.ts'
import type { OwnKey } from '../own-key.ts'
import { attributeOf, children, parseXml } from '../xml.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

/** Signs the assertion within, enveloped and after its issuer (SAML Core §5.4). */
export async function signAssertion(xml: string, { privatePem, certificates }: OwnKey): Promise<string> {
  const { SignedXml } = await import('xml-crypto')
  const signer = new SignedXml({
    privateKey: privatePem,
    publicCert: certificates[0] ?? '',
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusive,
  })
  const xpath = "//*[local-name(.)='Assertion']"
  const transforms = [`${signature}enveloped-signature`, exclusive]
  signer.addReference({ xpath, transforms, digestAlgorithm: sha256 })
  const location = { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' } as const
  signer.computeSignature(xml, { location, prefix: 'ds' })
  return signer.getSignedXml()
}

/**
 * The message as it was signed; as it came if nothing is signed. Throws UpstreamFault if the signature is not
 * of the whole message, or none of these certificates'.
 */
export async function verifiedMessage(
  xml: string,
  certificates: readonly string[],
): Promise<{ root: Element; isSigned: boolean }> {
  const root = parseXml(xml)
  const [found, ...others] = children(root, 'signature', 'Signature')
  if (!found) return { root, isSigned: false }
  if (others.length > 0) throw invalid('the message has several signatures')
  refuseWeakSignatures(root, {})
  const { SignedXml } = await import('xml-crypto')
  for (const certificate of certificates) {
    const verifier = new SignedXml({
      publicCert: certificateIn(certificate).toString(),
      getCertFromKeyInfo: () => null,
    })
    verifier.loadSignature(found.toString())
    if (!holds(verifier, xml)) continue
    const [signed, ...further] = verifier.getSignedReferences()
    const whole = signed === undefined || further.length > 0 ? undefined : parseXml(signed)
    if (whole && attributeOf(whole, 'ID') === attributeOf(root, 'ID') && whole.localName === root.localName)
      return { root: whole, isSigned: true }
  }
  throw invalid('the signature of the message does not verify')
}

function holds(verifier: { checkSignature(xml: string): boolean }, xml: string): boolean {
  try {
    return verifier.checkSignature(xml)
  } catch {
    return false
  }
}
