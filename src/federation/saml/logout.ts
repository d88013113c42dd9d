import { type ConnectionCall, logoutUrl, type UpstreamEvents } from '../../domain/connection.ts'
import { decrypted } from './decrypt.ts'
import { invalid } from './invalid.ts'
import { nodeSaml } from './node-saml.ts'
import { readOwnKey } from './own-key.ts'
import { decodedIn, inflated, parametersIn, refuseLate, verifyRedirect } from './redirect-binding.ts'
import type { SamlSettings } from './saml-settings.ts'
import { attributeOf, children, onlyChild, parseXml, textOf } from './xml.ts'

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
  const { sign_out_url: url } = call.connection.settings as SamlSettings
  const saml = await messenger(call, url)
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
  if (!verifyRedirect(parameters, settings)) throw invalid('the request is not signed')
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
  const keys = readOwnKey(secret)?.privatePems ?? []
  const name = encrypted ? await decrypted(encrypted, keys) : onlyChild(root, 'assertion', 'NameID')
  const relayState = parameters.has('RelayState') ? decodedIn(parameters, 'RelayState') : undefined
  const location = await responseUrl(call, { id, relayState })
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

async function responseUrl(
  call: ConnectionCall,
  { id, relayState }: { id: string; relayState: string | undefined },
): Promise<string | undefined> {
  const { sign_out_url: url, sign_out_response_url: own = url } = call.connection.settings as SamlSettings
  const saml = await messenger(call, own)
  const request = { ID: id, issuer: call.connection.clientId, nameID: '', nameIDFormat: '' }
  return saml?.getLogoutResponseUrlAsync(request, relayState ?? '', {}, true)
}

/** Undefined if the identity provider has no address for it. */
async function messenger({ connection, secret, callbackUrl }: ConnectionCall, url: string | undefined) {
  if (url === undefined) return undefined
  const { sign_in_url: entryPoint, certificates } = connection.settings as SamlSettings
  const { SAML } = await nodeSaml()
  const privateKey = readOwnKey(secret)?.privatePem
  return new SAML({
    ...{
      callbackUrl,
      issuer: connection.clientId,
      idpCert: [...certificates],
      entryPoint,
      logoutUrl: url,
    },
    ...(privateKey && { privateKey, signatureAlgorithm: 'sha256' }),
  })
}
