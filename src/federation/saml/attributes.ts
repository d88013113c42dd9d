import type { UpstreamClaims } from '../presets/provider-preset.ts'
import { invalid } from './invalid.ts'
import type { Assertion } from './read-assertion.ts'
import type { SamlSettings } from './saml-settings.ts'

const soap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const microsoft = 'http://schemas.microsoft.com'
const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const emailFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'

/** As the large identity providers call them. */
const usual = {
  email: [
    ...['email', 'mail', 'emailAddress', 'user.email', 'urn:oid:0.9.2342.19200300.100.1.3'],
    ...[`${soap}/emailaddress`, 'http://schemas.xmlsoap.org/claims/EmailAddress'],
  ],
  name: [
    ...['displayName', 'name', 'cn', 'urn:oid:2.16.840.1.113730.3.1.241', 'urn:oid:2.5.4.3'],
    ...[`${microsoft}/identity/claims/displayname`, `${soap}/name`],
  ],
  groups: [
    ...['groups', 'memberOf', 'urn:oid:1.3.6.1.4.1.5923.1.5.1.1'],
    ...[`${microsoft}/ws/2008/06/identity/claims/groups`, 'http://schemas.xmlsoap.org/claims/Group'],
  ],
}

/** As claims, as the other protocols have them. Throws UpstreamFault if no one is identified. */
export function claimsOf(
  { nameId, nameIdFormat, attributes }: Assertion,
  settings: SamlSettings,
): UpstreamClaims & { iss: string } {
  const valuesOf = (own: string | undefined, names: readonly string[]): readonly string[] =>
    (own === undefined ? names : [own]).map((name) => attributes.get(name)).find((found) => found?.length) ??
    []
  const [subject] = settings.subject === undefined ? [nameId] : valuesOf(settings.subject, [])
  if (!subject) throw invalid(`there is no attribute ${settings.subject}`)
  if (settings.subject === undefined && nameIdFormat === transientFormat)
    throw invalid('NameID is transient, another at each sign-in: set `subject` to an attribute that stays')
  const [email = nameIdFormat === emailFormat ? nameId : null] = valuesOf(settings.email, usual.email)
  const [name = null] = valuesOf(settings.name, usual.name)
  const { groups_claim: groups } = settings
  return {
    ...{ iss: settings.entity_id, sub: subject, email, name },
    [groups ?? 'groups']: valuesOf(groups, usual.groups),
  }
}
