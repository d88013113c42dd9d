import type { SamlCall, SamlLogout, SamlMessage } from '../../../domain/saml-application.ts'
import { invalid } from '../invalid.ts'
import { nodeSaml } from '../node-saml.ts'
import { readOwnKey } from '../own-key.ts'
import { onlyChild, textOf } from '../xml.ts'
import { entityIdOf } from './describe.ts'
import { readMessage } from './read-message.ts'

/** A signed LogoutRequest (SAML Core §3.7.1), and its answer by redirect. Throws UpstreamFault. */
export async function readLogout(call: SamlCall, message: SamlMessage): Promise<SamlLogout> {
  const { root, id, isSigned, relayState } = await readMessage(call, message, {
    ...{ name: 'LogoutRequest', at: 'sign-out' },
  })
  if (!isSigned) throw invalid('the request must be signed')
  const nameId = textOf(onlyChild(root, 'assertion', 'NameID'))
  return { nameId, location: await answerUrl(call, id, relayState) }
}

async function answerUrl(call: SamlCall, id: string, relayState: string | null): Promise<string | null> {
  const { logoutUrl, certificates } = call.application
  const key = readOwnKey(call.secret.key)
  if (logoutUrl === null || !key) return null
  const { SAML } = await nodeSaml()
  const issuer = entityIdOf(call)
  const saml = new SAML({
    ...{ callbackUrl: issuer, issuer, idpCert: [...certificates], entryPoint: logoutUrl, logoutUrl },
    ...{ privateKey: key.privatePem, signatureAlgorithm: 'sha256', generateUniqueId: call.newId },
  })
  const request = { ID: id, issuer: call.application.entityId, nameID: '', nameIDFormat: '' }
  return saml.getLogoutResponseUrlAsync(request, relayState ?? '', {}, true)
}
