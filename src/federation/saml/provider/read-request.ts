import type { Assurance } from '../../../domain/assurance.ts'
import type { SamlCall, SamlMessage, SamlRequest } from '../../../domain/saml-application.ts'
import { invalid } from '../invalid.ts'
import { attributeOf, children, textOf } from '../xml.ts'
import { mfaContext } from './authn-context.ts'
import { readMessage } from './read-message.ts'

/** An AuthnRequest (SAML Core §3.4.1). Its address must be one of the application's. Throws UpstreamFault. */
export async function readRequest(call: SamlCall, message: SamlMessage): Promise<SamlRequest> {
  const { acsUrls, signedRequests } = call.application
  const { root, id, isSigned, relayState } = await readMessage(call, message, {
    ...{ name: 'AuthnRequest', at: 'sign-in' },
  })
  if (signedRequests && !isSigned) throw invalid('the request must be signed')
  const named = attributeOf(root, 'AssertionConsumerServiceURL')
  const acsUrl = named ?? acsUrls[0]
  if (acsUrl === undefined || !acsUrls.includes(acsUrl))
    throw invalid(`AssertionConsumerServiceURL ${(named ?? '').slice(0, 200)} is not registered`)
  return {
    ...{ id, acsUrl, relayState },
    isForced: isTrue(attributeOf(root, 'ForceAuthn')),
    isPassive: isTrue(attributeOf(root, 'IsPassive')),
    acr: assuranceIn(root),
  }
}

const isTrue = (text: string | null): boolean => text === 'true' || text === '1' // xs:boolean

/** Other classes say how, not how well: any way to sign in serves them. */
function assuranceIn(root: Element): Assurance | null {
  const classes = children(root, 'protocol', 'RequestedAuthnContext').flatMap((asked) =>
    children(asked, 'assertion', 'AuthnContextClassRef').map(textOf),
  )
  return classes.length > 0 && classes.every((one) => one === mfaContext) ? 'aal2' : null
}
