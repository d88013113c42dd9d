import type { OwnKey } from '../own-key.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

/** Enveloped, after its issuer (SAML Core §5.4). */
export async function signAssertion(xml: string, { privatePem, certificates }: OwnKey): Promise<string> {
  const { SignedXml } = await import('xml-crypto')
  const signer = new SignedXml({
    privateKey: privatePem,
    publicCert: certificates[0] ?? '',
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusive,
  })
  const xpath = '/*'
  const transforms = [`${signature}enveloped-signature`, exclusive]
  signer.addReference({ xpath, transforms, digestAlgorithm: sha256 })
  const location = { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' } as const
  signer.computeSignature(xml, { location, prefix: 'ds' })
  return signer.getSignedXml()
}
