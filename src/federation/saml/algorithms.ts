import { invalid } from './invalid.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, descendants } from './xml.ts'

const signature = 'http://www.w3.org/2000/09/xmldsig#'
const signatureMore = 'http://www.w3.org/2001/04/xmldsig-more#'
const signatureNewer = 'http://www.w3.org/2007/05/xmldsig-more#'
const encryption = 'http://www.w3.org/2001/04/xmlenc#'
const encryptionNewer = 'http://www.w3.org/2009/xmlenc11#'

const signatures = new Set([
  `${signatureMore}rsa-sha256`,
  `${signatureMore}rsa-sha384`,
  `${signatureMore}rsa-sha512`,
  `${signatureNewer}sha256-rsa-MGF1`,
])
const digests = new Set([`${encryption}sha256`, `${signatureMore}sha384`, `${encryption}sha512`])
const sha1 = new Set([`${signature}rsa-sha1`, `${signature}sha1`])
const transforms = new Set([
  `${signature}enveloped-signature`,
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
])
const ciphers = {
  gcm: new Set([
    `${encryptionNewer}aes128-gcm`,
    `${encryptionNewer}aes192-gcm`,
    `${encryptionNewer}aes256-gcm`,
  ]),
  cbc: new Set([`${encryption}aes128-cbc`, `${encryption}aes192-cbc`, `${encryption}aes256-cbc`]),
}
// Not RSA 1.5, whose padding tells what is inside (Bleichenbacher).
const keyTransports = new Set([`${encryption}rsa-oaep-mgf1p`, `${encryptionNewer}rsa-oaep`])

/**
 * Refuses signatures by other algorithms than the allowed ones, anywhere in the document: SHA-1, HMAC with
 * the public key, exotic transforms, and keys that are fetched. Throws UpstreamFault.
 */
export function refuseWeakSignatures(
  root: Element,
  { sha1: allowsSha1 = false }: Pick<SamlSettings, 'sha1'>,
): void {
  const allowed = (set: ReadonlySet<string>, name: string, allowsOld = false) => {
    for (const element of descendants(root, 'signature', name)) {
      const algorithm = attributeOf(element, 'Algorithm') ?? ''
      if (!set.has(algorithm) && !(allowsOld && allowsSha1 && sha1.has(algorithm)))
        throw invalid(`${name} ${algorithm} is not accepted`)
    }
  }
  allowed(signatures, 'SignatureMethod', true)
  allowed(new Set([...transforms].slice(1)), 'CanonicalizationMethod')
  allowed(transforms, 'Transform')
  // Within an encrypted key it is the hash of OAEP, where SHA-1 is as good as any.
  for (const element of descendants(root, 'signature', 'DigestMethod')) {
    const algorithm = attributeOf(element, 'Algorithm') ?? ''
    const isOfOaep = (element.parentNode as Element | null)?.namespaceURI === encryption
    if (!digests.has(algorithm) && !((isOfOaep || allowsSha1) && sha1.has(algorithm)))
      throw invalid(`DigestMethod ${algorithm} is not accepted`)
  }
  if (descendants(root, 'signature', 'RetrievalMethod').length > 0 && signedKeyIsFetched(root))
    throw invalid('a signature names a key to fetch')
}

/** RetrievalMethod is harmless where it points to an EncryptedKey of the same document. */
const signedKeyIsFetched = (root: Element): boolean =>
  descendants(root, 'signature', 'Signature').some(
    (element) => descendants(element, 'signature', 'RetrievalMethod').length > 0,
  )

/** The same for what is encrypted. */
export function refuseWeakEncryption(root: Element, { encryption: allows = 'gcm' }: SamlSettings): void {
  for (const element of descendants(root, 'encryption', 'EncryptionMethod')) {
    const algorithm = attributeOf(element, 'Algorithm') ?? ''
    const isCipher = ciphers.gcm.has(algorithm) || (allows === 'cbc' && ciphers.cbc.has(algorithm))
    if (!isCipher && !keyTransports.has(algorithm))
      throw invalid(`encryption by ${algorithm} is not accepted`)
  }
}
