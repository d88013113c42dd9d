import { createVerify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { type ConnectionCall, logoutUrl, type UpstreamEvents } from '../../domain/connection.ts'
import { certificateIn } from './certificate.ts'
import { decrypted } from './decrypt.ts'
import { invalid } from './invalid.ts'
import { nodeSaml } from './node-saml.ts'
import { readOwnKey } from './own-key.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, children, onlyChild, parseXml, textOf } from './xml.ts'

const bytesMax = 64 * 1024
const skewMilliseconds = 60_000
const ageMillisecondsMax = 600_000
const hashes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': 'RSA-SHA256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': 'RSA-SHA384',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'RSA-SHA512',
}

/** Of a sign-in, kept sealed: what a logout request names. */
export interface SignedInAs {
  nameId: string
  nameIdFormat: string | null
  sessionIndex: string | null
}

/** Where the browser signs out at the identity provider (SAML Profiles §4.4). */
export async function logoutRequestUrl(
  call: ConnectionCall,
  { nameId, nameIdFormat, sessionIndex }: SignedInAs,
): Promise<string | undefined> {
  const saml = await messenger(call)
  return saml?.getLogoutUrlAsync(
    {
      ...{ issuer: call.connection.clientId, nameID: nameId, nameIDFormat: nameIdFormat ?? '' },
      ...(sessionIndex !== null && { sessionIndex }),
    },
    '',
    {},
  )
}

/**
 * A LogoutRequest by HTTP-Redirect (SAML Bindings §3.4.4.1): signed by the identity provider, for this
 * server, for now. The reply is the response that it waits for. Throws UpstreamFault.
 */
export async function receiveLogout(call: ConnectionCall, query: string): Promise<UpstreamEvents> {
  const { connection, ownIssuer, secret, now } = call
  const settings = connection.settings as SamlSettings
  const parameters = parametersIn(query)
  verifySignature(parameters, settings)
  const root = parseXml(inflated(parameters.get('SAMLRequest') ?? ''))
  if (root.localName !== 'LogoutRequest' || attributeOf(root, 'Version') !== '2.0')
    throw invalid('there is no LogoutRequest of SAML 2.0')
  if (textOf(onlyChild(root, 'assertion', 'Issuer')) !== settings.entity_id)
    throw invalid('the request is of another issuer')
  if (attributeOf(root, 'Destination') !== logoutUrl(ownIssuer, connection))
    throw invalid('the request is for another address')
  refuseLate(root, now)
  const id = attributeOf(root, 'ID')
  if (!id) throw invalid('the request has no ID')
  const [encrypted] = children(root, 'assertion', 'EncryptedID')
  const key = readOwnKey(secret)?.privatePem ?? null
  const name = encrypted ? await decrypted(encrypted, key) : onlyChild(root, 'assertion', 'NameID')
  const relayState = parameters.get('RelayState')
  const location = await responseUrl(call, { id, relayState: relayState && decodeURIComponent(relayState) })
  return {
    id,
    issuer: settings.entity_id,
    events: [
      {
        kind: 'urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest',
        subject: textOf(name),
        action: 'end-sessions',
      },
    ],
    reply: location === undefined ? { status: 204 } : { status: 303, location },
  }
}

/** As they came, still encoded: that is what is signed. Each once. */
function parametersIn(query: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    if (found.has(name)) throw invalid(`${name.slice(0, 40)} occurs twice`)
    found.set(name, value)
  }
  return found
}

function verifySignature(parameters: ReadonlyMap<string, string>, { certificates }: SamlSettings): void {
  const [algorithm, signature] = ['SigAlg', 'Signature'].map((name) =>
    decodeURIComponent(parameters.get(name) ?? ''),
  ) as [string, string]
  const hash = hashes[algorithm]
  if (hash === undefined || signature === '')
    throw invalid('the request is not signed by an accepted algorithm')
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg']
    .flatMap((name) => (parameters.has(name) ? [`${name}=${parameters.get(name)}`] : []))
    .join('&')
  const isOurs = certificates.some((base64) =>
    createVerify(hash).update(signed).verify(certificateIn(base64).publicKey, signature, 'base64'),
  )
  if (!isOurs) throw invalid('the signature of the request does not verify')
}

/** Bounded: a small request can be made to inflate to gigabytes. */
function inflated(encoded: string): string {
  try {
    const deflated = Buffer.from(decodeURIComponent(encoded), 'base64')
    return inflateRawSync(deflated, { maxOutputLength: bytesMax }).toString('utf8')
  } catch (error) {
    throw invalid('the request cannot be read', error)
  }
}

function refuseLate(root: Element, now: number): void {
  const issuedAt = Date.parse(attributeOf(root, 'IssueInstant') ?? '')
  const end = attributeOf(root, 'NotOnOrAfter')
  const isOfNow = Math.abs(issuedAt - now) < ageMillisecondsMax + skewMilliseconds
  if (!isOfNow || (end !== null && !(Date.parse(end) > now - skewMilliseconds)))
    throw invalid('the request is too old')
}

async function responseUrl(
  call: ConnectionCall,
  { id, relayState }: { id: string; relayState: string | undefined },
): Promise<string | undefined> {
  const saml = await messenger(call)
  const request = { ID: id, issuer: call.connection.clientId, nameID: '', nameIDFormat: '' }
  return saml?.getLogoutResponseUrlAsync(request, relayState ?? '', {}, true)
}

/** Undefined if the identity provider has no address for it. */
async function messenger({ connection, secret, callbackUrl }: ConnectionCall) {
  const {
    sign_out_url: signOutUrl,
    sign_in_url: entryPoint,
    certificates,
  } = connection.settings as SamlSettings
  if (signOutUrl === undefined) return undefined
  const { SAML } = await nodeSaml()
  const privateKey = readOwnKey(secret)?.privatePem
  return new SAML({
    ...{
      callbackUrl,
      issuer: connection.clientId,
      idpCert: [...certificates],
      entryPoint,
      logoutUrl: signOutUrl,
    },
    ...(privateKey && { privateKey, signatureAlgorithm: 'sha256' }),
  })
}
