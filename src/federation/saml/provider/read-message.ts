import { type SamlCall, type SamlMessage, samlPath } from '../../../domain/saml-application.ts'
import { invalid } from '../invalid.ts'
import { decodedIn, inflated, parametersIn, refuseLate, verifyRedirect } from '../redirect-binding.ts'
import { verifiedMessage } from '../verified-message.ts'
import { attributeOf, onlyChild, parseXml, textOf } from '../xml.ts'

const formLengthMax = 128 * 1024
const relayStateLengthMax = 1024
const idPattern = /^[A-Za-z_][\w.-]{0,255}$/

export interface Message {
  root: Element
  /** Of the message; the answer names it. */
  id: string
  isSigned: boolean
  relayState: string | null
}

/** A message of the application, for this server and for now. Throws UpstreamFault. */
export async function readMessage(
  call: SamlCall,
  message: SamlMessage,
  expected: { name: 'AuthnRequest' | 'LogoutRequest'; at: 'sign-in' | 'sign-out' },
): Promise<Message> {
  const { application, issuer, now } = call
  const { root, isSigned, relayState } = await opened(application, message)
  if (root.localName !== expected.name || attributeOf(root, 'Version') !== '2.0')
    throw invalid(`there is no ${expected.name} of SAML 2.0`)
  if (textOf(onlyChild(root, 'assertion', 'Issuer')) !== application.entityId)
    throw invalid('the message is of another application')
  const destination = attributeOf(root, 'Destination')
  if (destination === null ? isSigned : destination !== samlPath(issuer, application, expected.at))
    throw invalid('the message is for another address')
  refuseLate(root, now)
  const id = attributeOf(root, 'ID') ?? ''
  if (!idPattern.test(id)) throw invalid('the message has no ID')
  if (relayState !== null && relayState.length > relayStateLengthMax)
    throw invalid(`RelayState is longer than ${relayStateLengthMax} characters`)
  return { root, id, isSigned, relayState }
}

async function opened(
  { certificates }: SamlCall['application'],
  message: SamlMessage,
): Promise<Pick<Message, 'root' | 'isSigned' | 'relayState'>> {
  if ('query' in message) {
    const parameters = parametersIn(message.query)
    const isSigned = verifyRedirect(parameters, { certificates })
    const relayState = parameters.has('RelayState') ? decodedIn(parameters, 'RelayState') : null
    return { root: parseXml(inflated(parameters.get('SAMLRequest') ?? '')), isSigned, relayState }
  }
  const { message: encoded, relayState } = message.form
  if (encoded.length > formLengthMax) throw invalid('the message is too large')
  const xml = Buffer.from(encoded, 'base64').toString('utf8')
  return { ...(await verifiedMessage(xml, certificates)), relayState }
}
