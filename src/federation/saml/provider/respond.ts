import { escapeHtml } from '../../../domain/html-escape.ts'
import {
  type NameIdFormat,
  type SamlCall,
  type SamlPost,
  type SamlRefusal,
  type SamlRequest,
  type SamlSubject,
  samlPath,
} from '../../../domain/saml-application.ts'
import { readOwnKey } from '../own-key.ts'
import { contextOf } from './authn-context.ts'
import { encryptAssertion } from './encrypted-assertion.ts'
import { signAssertion } from './signed-assertion.ts'

export const formats: Readonly<Record<NameIdFormat, string>> = {
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  email: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
}
const statuses = 'urn:oasis:names:tc:SAML:2.0:status'
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const nameFormats = 'urn:oasis:names:tc:SAML:2.0:attrname-format'
/** How long a response may take to the application. */
const validMilliseconds = 300_000
const skewMilliseconds = 60_000

/** A response by HTTP-POST (SAML Profiles §4.1.4), with a signed assertion unless it is refused. */
export async function respond(
  call: SamlCall,
  request: SamlRequest,
  answer: SamlSubject | { refusal: SamlRefusal },
): Promise<SamlPost> {
  const { application, issuer, now } = call
  const entity = element('saml:Issuer', {}, text(samlPath(issuer, application, 'metadata')))
  const refusal = 'refusal' in answer ? answer.refusal : undefined
  const code =
    refusal === undefined
      ? element('samlp:StatusCode', { Value: `${statuses}:Success` })
      : element(
          'samlp:StatusCode',
          { Value: `${statuses}:Responder` },
          element('samlp:StatusCode', { Value: `${statuses}:${refusal}` }),
        )
  const response = element(
    'samlp:Response',
    {
      'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
      'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
      ...{ ID: call.newId(), Version: '2.0', IssueInstant: iso(now) },
      ...{ Destination: request.acsUrl, InResponseTo: request.id },
    },
    entity,
    element('samlp:Status', {}, code),
    'refusal' in answer ? '' : await finished(call, assertionOf(call, request, { subject: answer, entity })),
  )
  const relayState = request.relayState === null ? {} : { RelayState: request.relayState }
  return {
    url: request.acsUrl,
    fields: { SAMLResponse: Buffer.from(response).toString('base64'), ...relayState },
  }
}

/** Signed, and then encrypted if the application asks for that. */
async function finished({ application, secret }: SamlCall, assertion: string): Promise<string> {
  const key = readOwnKey(secret.key)
  if (!key) throw new Error(`${application.slug} has no key`)
  const signed = await signAssertion(assertion, key)
  const { encrypts, encryptionCertificate } = application
  return encrypts && encryptionCertificate !== null ? encryptAssertion(signed, encryptionCertificate) : signed
}

function assertionOf(
  call: SamlCall,
  { id: InResponseTo, acsUrl: Recipient }: SamlRequest,
  { subject, entity }: { subject: SamlSubject; entity: string },
): string {
  const { application, now } = call
  const { entityId: SPNameQualifier, nameIdFormat } = application
  const NotOnOrAfter = iso(now + validMilliseconds)
  const data = element('saml:SubjectConfirmationData', { NotOnOrAfter, Recipient, InResponseTo })
  const audience = element(
    'saml:AudienceRestriction',
    {},
    element('saml:Audience', {}, text(SPNameQualifier)),
  )
  const context = element('saml:AuthnContextClassRef', {}, contextOf(subject.acr))
  const attributes = subject.attributes.map(({ name, values }) =>
    element(
      'saml:Attribute',
      { Name: name, NameFormat: `${nameFormats}:${/^(urn|https?):/.test(name) ? 'uri' : 'basic'}` },
      ...values.map((value) => element('saml:AttributeValue', {}, text(value))),
    ),
  )
  const qualifier = nameIdFormat === 'persistent' ? { SPNameQualifier } : {}
  return element(
    'saml:Assertion',
    {
      'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
      ...{ ID: call.newId(), Version: '2.0', IssueInstant: iso(now) },
    },
    entity,
    element(
      'saml:Subject',
      {},
      element('saml:NameID', { Format: formats[nameIdFormat], ...qualifier }, text(subject.nameId)),
      element('saml:SubjectConfirmation', { Method: bearer }, data),
    ),
    element('saml:Conditions', { NotBefore: iso(now - skewMilliseconds), NotOnOrAfter }, audience),
    element(
      'saml:AuthnStatement',
      { AuthnInstant: iso(subject.authenticatedAt), SessionIndex: subject.sessionIndex },
      element('saml:AuthnContext', {}, context),
    ),
    attributes.length > 0 ? element('saml:AttributeStatement', {}, ...attributes) : '',
  )
}

/** `content` is XML. Attributes that are null are left out. */
function element(name: string, attributes: Record<string, string | null>, ...content: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${text(value)}"`],
  )
  return `<${name}${written.join('')}>${content.join('')}</${name}>`
}

// XML 1.0 §2.2: other characters cannot be written.
const notOfXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const text = (value: string): string => escapeHtml(value.replaceAll(notOfXml, ''))
const iso = (at: number): string => new Date(at).toISOString()
