import type { SamlCall, SamlLogout, SamlSubject } from '../../../domain/saml-application.ts'
import { nodeSaml } from '../node-saml.ts'
import { readOwnKey } from '../own-key.ts'
import { entityIdOf } from './describe.ts'
import { formats } from './respond.ts'

/** A signed LogoutRequest by redirect (SAML Profiles §4.4.3.3). */
export async function requestLogout(
  call: SamlCall,
  given: Pick<SamlSubject, 'nameId' | 'sessionIndex'> & { relayState: string },
): Promise<string | null> {
  const { entityId, nameIdFormat, logoutUrl } = call.application
  const saml = await messenger(call, logoutUrl)
  if (!saml) return null
  const { nameId: nameID, sessionIndex, relayState } = given
  const user = { issuer: entityId, nameID, nameIDFormat: formats[nameIdFormat], sessionIndex }
  const qualified = nameIdFormat === 'persistent' ? { ...user, spNameQualifier: entityId } : user
  return saml.getLogoutUrlAsync(qualified, relayState, {})
}

/** The signed answer to a request (SAML Profiles §4.4.3.5). */
export async function answerLogout(call: SamlCall, { id, relayState }: SamlLogout): Promise<string | null> {
  const saml = await messenger(call, call.application.logoutResponseUrl)
  if (!saml) return null
  const request = { ID: id, issuer: call.application.entityId, nameID: '', nameIDFormat: '' }
  return saml.getLogoutResponseUrlAsync(request, relayState ?? '', {}, true)
}

async function messenger(call: SamlCall, url: string | null) {
  const key = readOwnKey(call.secret.key)
  if (url === null || !key) return undefined
  const { SAML } = await nodeSaml()
  const issuer = entityIdOf(call)
  // Only sends: its answers are read elsewhere, so no certificate of theirs counts.
  const idpCert = [...key.certificates]
  return new SAML({
    ...{ callbackUrl: issuer, issuer, idpCert, entryPoint: url, logoutUrl: url },
    ...{ privateKey: key.privatePem, signatureAlgorithm: 'sha256', generateUniqueId: call.newId },
  })
}
