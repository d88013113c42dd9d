import { refuseWeakSignatures } from './algorithms.ts'
import { certificateIn } from './certificate.ts'
import { invalid } from './invalid.ts'
import { attributeOf, children, parseXml } from './xml.ts'

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
