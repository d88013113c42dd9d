import { promisify } from 'node:util'
import { certificateIn } from '../certificate.ts'

/** An EncryptedAssertion (SAML Core §2.3.4) of a signed assertion: AES-256-GCM, its key by RSA-OAEP. */
export async function encryptAssertion(xml: string, certificate: string): Promise<string> {
  const { encrypt } = await import('xml-encryption')
  const theirs = certificateIn(certificate)
  const data = await promisify(encrypt)(xml, {
    rsa_pub: String(theirs.publicKey.export({ type: 'spki', format: 'pem' })),
    pem: theirs.toString(),
    encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  })
  return `<saml:EncryptedAssertion>${data}</saml:EncryptedAssertion>`
}
