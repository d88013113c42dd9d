import type { ConnectionCall } from '../../domain/connection.ts'
import { nodeSaml } from './node-saml.ts'
import { readOwnKey } from './own-key.ts'
import type { SamlSettings } from './saml-settings.ts'

/** Where the browser is sent, with an AuthnRequest by HTTP-Redirect (SAML Bindings §3.4). */
export async function requestUrl(
  { connection, secret, callbackUrl }: ConnectionCall,
  { id, state, fresh }: { id: string; state: string; fresh: boolean },
): Promise<string> {
  const settings = connection.settings as SamlSettings
  const { SAML } = await nodeSaml()
  const saml = new SAML({
    ...{ callbackUrl, issuer: connection.clientId, idpCert: [...settings.certificates] },
    entryPoint: settings.sign_in_url,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    forceAuthn: fresh,
    generateUniqueId: () => id,
    ...(settings.sign_requests && {
      privateKey: readOwnKey(secret)?.privatePem ?? '',
      signatureAlgorithm: 'sha256',
    }),
  })
  return saml.getAuthorizeUrlAsync(state, undefined, {})
}
