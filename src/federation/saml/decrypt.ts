import { promisify } from 'node:util'
import { UpstreamFault } from '../../domain/connection.ts'
import { invalid } from './invalid.ts'
import { children, descendants, parseXml } from './xml.ts'

/** What an element with one EncryptedData holds. Throws UpstreamFault. */
export const decrypted = async (element: Element, privateKeys: readonly string[]): Promise<Element> =>
  (await opened(element, privateKeys)).content

/** The same, with the key that opened it. */
export async function opened(
  element: Element,
  privateKeys: readonly string[],
): Promise<{ content: Element; privateKey: string }> {
  if (privateKeys.length === 0)
    throw new UpstreamFault('misconfigured', 'the assertion is encrypted, and the connection has no key')
  if (descendants(element, 'encryption', 'EncryptedData').length !== 1)
    throw invalid('there must be one EncryptedData')
  const { decrypt } = await import('xml-encryption')
  let failure: unknown
  for (const privateKey of privateKeys) {
    const options = { key: privateKey, disallowDecryptionWithInsecureAlgorithm: true }
    const xml = await promisify(decrypt)(element.toString(), options).catch((error) => {
      failure = error
    })
    if (xml !== undefined) return { content: parseXml(String(xml)), privateKey }
  }
  throw invalid('it cannot be decrypted with the key of this connection', failure)
}

/** The assertion with its NameID in the clear, where that is encrypted. */
export async function withOpenNameId(xml: string, privateKeys: readonly string[]): Promise<string> {
  const root = parseXml(xml)
  const [subject] = children(root, 'assertion', 'Subject')
  const [encrypted, ...others] = subject ? children(subject, 'assertion', 'EncryptedID') : []
  if (!subject || !encrypted) return xml
  if (others.length > 0) throw invalid('there must be one EncryptedID')
  const open = await decrypted(encrypted, privateKeys)
  subject.replaceChild(root.ownerDocument.importNode(open, true), encrypted)
  return root.toString()
}
