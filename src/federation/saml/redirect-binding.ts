import { createVerify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { certificateIn } from './certificate.ts'
import { invalid } from './invalid.ts'
import { attributeOf } from './xml.ts'

// HTTP-Redirect (SAML Bindings §3.4): the message is deflated in the query, and its encoding is signed.

const bytesMax = 64 * 1024
const skewMilliseconds = 60_000
const ageMillisecondsMax = 600_000
const hashes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': 'RSA-SHA256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': 'RSA-SHA384',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'RSA-SHA512',
}

/** As they came, still encoded: that is what is signed. Each once. */
export function parametersIn(query: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    if (found.has(name)) throw invalid(`${name.slice(0, 40)} occurs twice`)
    found.set(name, value)
  }
  return found
}

/** False if nothing is signed. Throws UpstreamFault if the signature is none of these certificates'. */
export function verifyRedirect(
  parameters: ReadonlyMap<string, string>,
  { certificates }: { certificates: readonly string[] },
): boolean {
  if (!parameters.has('Signature') && !parameters.has('SigAlg')) return false
  const [algorithm, signature] = ['SigAlg', 'Signature'].map((name) => decodedIn(parameters, name)) as [
    string,
    string,
  ]
  const hash = hashes[algorithm]
  if (hash === undefined || signature === '')
    throw invalid('the request is not signed by an accepted algorithm')
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg']
    .flatMap((name) => (parameters.has(name) ? [`${name}=${parameters.get(name)}`] : []))
    .join('&')
  const isTheirs = certificates.some((base64) =>
    createVerify(hash).update(signed).verify(certificateIn(base64).publicKey, signature, 'base64'),
  )
  if (!isTheirs) throw invalid('the signature of the request does not verify')
  return true
}

/** Empty if it is absent. Throws UpstreamFault. */
export function decodedIn(parameters: ReadonlyMap<string, string>, name: string): string {
  try {
    return decodeURIComponent((parameters.get(name) ?? '').replaceAll('+', '%20'))
  } catch (error) {
    throw invalid(`${name} cannot be read`, error)
  }
}

/** Bounded: a small request can be made to inflate to gigabytes. */
export function inflated(encoded: string): string {
  try {
    const deflated = Buffer.from(decodeURIComponent(encoded), 'base64')
    return inflateRawSync(deflated, { maxOutputLength: bytesMax }).toString('utf8')
  } catch (error) {
    throw invalid('the request cannot be read', error)
  }
}

export function refuseLate(root: Element, now: number): void {
  const issuedAt = Date.parse(attributeOf(root, 'IssueInstant') ?? '')
  const end = attributeOf(root, 'NotOnOrAfter')
  const isOfNow = Math.abs(issuedAt - now) < ageMillisecondsMax + skewMilliseconds
  if (!isOfNow || (end !== null && !(Date.parse(end) > now - skewMilliseconds)))
    throw invalid('the request is too old')
}
