import { type ConnectionCall, logoutUrl } from '../../domain/connection.ts'
import { escapeHtml } from '../../domain/html-escape.ts'
import { certificateBase64, readOwnKey } from './own-key.ts'
import type { SamlSettings } from './saml-settings.ts'

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/** This server as a service provider (SAML Metadata §2.4.4): what an identity provider is given. */
export function ownMetadata({ connection, secret, callbackUrl, ownIssuer }: ConnectionCall): string {
  const { sign_requests: signs = false } = connection.settings as SamlSettings
  const keys = (readOwnKey(secret)?.certificates ?? []).flatMap((certificate) => {
    const key = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateBase64(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
    return ['signing', 'encryption'].map((use) => `<md:KeyDescriptor use="${use}">${key}</md:KeyDescriptor>`)
  })
  const out = logoutUrl(ownIssuer, connection)
  const slo = `<md:SingleLogoutService Binding="${redirect}" Location="${escapeHtml(out)}"/>`
  const acs = `<md:AssertionConsumerService Binding="${post}" Location="${escapeHtml(callbackUrl)}" index="0" isDefault="true"/>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${escapeHtml(connection.clientId)}"><md:SPSSODescriptor AuthnRequestsSigned="${signs}" WantAssertionsSigned="true" protocolSupportEnumeration="${protocol}">${keys.join('')}${slo}${acs}</md:SPSSODescriptor></md:EntityDescriptor>
`
}
