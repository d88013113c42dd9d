import { escapeHtml } from '../../../domain/html-escape.ts'
import { type SamlCall, samlPath } from '../../../domain/saml-application.ts'
import { certificateBase64, readOwnKey } from '../own-key.ts'
import { formats } from './respond.ts'

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings'

/** The name of this server for the application: where its metadata is. */
export const entityIdOf = ({ application, issuer }: Pick<SamlCall, 'application' | 'issuer'>): string =>
  samlPath(issuer, application, 'metadata')

/** This server as an identity provider, for one application (SAML Metadata §2.4.3). */
export function describe(call: SamlCall): string {
  const { application, issuer, secret } = call
  const url = (at: 'sign-in' | 'sign-out') => escapeHtml(samlPath(issuer, application, at))
  const keys = (readOwnKey(secret.key)?.certificates ?? []).map(
    (certificate) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateBase64(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const signIn = ['HTTP-Redirect', 'HTTP-POST'].map(
    (name) => `<md:SingleSignOnService Binding="${bindings}:${name}" Location="${url('sign-in')}"/>`,
  )
  const signOut = `<md:SingleLogoutService Binding="${bindings}:HTTP-Redirect" Location="${url('sign-out')}"/>`
  const format = `<md:NameIDFormat>${formats[application.nameIdFormat]}</md:NameIDFormat>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${escapeHtml(entityIdOf(call))}"><md:IDPSSODescriptor WantAuthnRequestsSigned="${application.signedRequests}" protocolSupportEnumeration="${protocol}">${keys.join('')}${signOut}${format}${signIn.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>
`
}
