import { promisify } from 'node:util'
import { UpstreamFault } from '../../domain/connection.ts'
import { invalid } from './invalid.ts'
import { children, descendants, parseXml } from './xml.ts'

/** What an element with one EncryptedData holds. Throws UpstreamFault. */
export async function decrypted(element: Element, privateKey: string | null): Promise<Element> {
  if (privateKey === null)
    throw new UpstreamFault('misconfigured', 'the assertion is encrypted, and the connection has no key')
  if (descendants(element, 'encryption', 'EncryptedData').length !== 1)
    throw invalid('there must be one EncryptedData')
  const { decrypt } = await import('xml-encryption')
  const options = { key: privateKey, disallowDecryptionWithInsecureAlgorithm: true }
  const open = promisify(decrypt)(element.toString(), options)
  const xml = await open.catch((error) => {
    throw invalid('it cannot be decrypted with the key of this connection', error)
  })
  return parseXml(String(xml))
}

/** The assertion with its NameID in the clear, where that is encrypted. */
export async function withOpenNameId(xml: string, privateKey: string | null): Promise<string> {
  const root = parseXml(xml)
  const [subject] = children(root, 'assertion', 'Subject')
  const [encrypted, ...others] = subject ? children(subject, 'assertion', 'EncryptedID') : []
  if (!subject || !encrypted) return xml
  if (others.length > 0) throw invalid('there must be one EncryptedID')
  const open = await decrypted(encrypted, privateKey)
  subject.replaceChild(root.ownerDocument.importNode(open, true), encrypted)
  return root.toString()
}
