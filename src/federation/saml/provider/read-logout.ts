import type { SamlCall, SamlLogout, SamlMessage } from '../../../domain/saml-application.ts'
import { invalid } from '../invalid.ts'
import { onlyChild, textOf } from '../xml.ts'
import { readMessage } from './read-message.ts'

/** A signed LogoutRequest (SAML Core §3.7.1). Throws UpstreamFault. */
export async function readLogout(call: SamlCall, message: SamlMessage): Promise<SamlLogout> {
  const { root, id, isSigned, relayState } = await readMessage(call, message, {
    ...{ name: 'LogoutRequest', at: 'sign-out' },
  })
  if (!isSigned) throw invalid('the request must be signed')
  return { id, nameId: textOf(onlyChild(root, 'assertion', 'NameID')), relayState }
}
