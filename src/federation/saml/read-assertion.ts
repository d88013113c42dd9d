import { invalid } from './invalid.ts'
import { attributeOf, children, descendants, onlyChild, parseXml, textOf } from './xml.ts'

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const skewMilliseconds = 60_000
/** An assertion is for now: what is issued for longer is read as that long. */
const ageMillisecondsMax = 600_000

export interface Expected {
  /** The entity id of the identity provider. */
  issuer: string
  /** Of this server. */
  audience: string
  /** The address of the assertion consumer service. */
  recipient: string
  /** Of our request. */
  inResponseTo: string
  /** Milliseconds since the epoch. */
  now: number
}

export interface Assertion {
  id: string
  nameId: string
  nameIdFormat: string | null
  sessionIndex: string | null
  attributes: ReadonlyMap<string, readonly string[]>
}

/**
 * What the library verified, as it was signed; all that it leaves out is checked here (SAML Profiles
 * §4.1.4.3). Throws UpstreamFault.
 */
export function readAssertion(xml: string, expected: Expected): Assertion {
  const root = parseXml(xml)
  if (root.localName !== 'Assertion' || attributeOf(root, 'Version') !== '2.0')
    throw invalid('there is no assertion of SAML 2.0')
  const id = attributeOf(root, 'ID')
  if (!id) throw invalid('the assertion has no ID')
  if (textOf(onlyChild(root, 'assertion', 'Issuer')) !== expected.issuer)
    throw invalid('the assertion is of another issuer')
  const issuedAt = timeIn(root, 'IssueInstant')
  if (issuedAt === null || issuedAt > expected.now + skewMilliseconds)
    throw invalid('the assertion is of the future')
  if (issuedAt < expected.now - ageMillisecondsMax - skewMilliseconds)
    throw invalid('the assertion is too old')
  const subject = onlyChild(root, 'assertion', 'Subject')
  checkConfirmation(subject, expected)
  checkConditions(onlyChild(root, 'assertion', 'Conditions'), expected)
  const statement = onlyChild(root, 'assertion', 'AuthnStatement')
  const sessionEnd = timeIn(statement, 'SessionNotOnOrAfter')
  if (sessionEnd !== null && sessionEnd <= expected.now) throw invalid('the session there has ended')
  const nameId = onlyChild(subject, 'assertion', 'NameID')
  if (textOf(nameId) === '') throw invalid('NameID is empty')
  return {
    id,
    nameId: textOf(nameId),
    nameIdFormat: attributeOf(nameId, 'Format'),
    sessionIndex: attributeOf(statement, 'SessionIndex'),
    attributes: attributesIn(root),
  }
}

/** One confirmation by bearer must be for us, for this request, and for now. */
function checkConfirmation(subject: Element, expected: Expected): void {
  const faults = children(subject, 'assertion', 'SubjectConfirmation').map((confirmation) => {
    if (attributeOf(confirmation, 'Method') !== bearer) return 'Method is not bearer'
    const [data, ...others] = children(confirmation, 'assertion', 'SubjectConfirmationData')
    if (!data || others.length > 0) return 'there must be one SubjectConfirmationData'
    if (attributeOf(data, 'Recipient') !== expected.recipient) return 'Recipient is another address'
    if (attributeOf(data, 'InResponseTo') !== expected.inResponseTo) return 'InResponseTo is another request'
    const [begin, end] = [timeIn(data, 'NotBefore'), timeIn(data, 'NotOnOrAfter')]
    if (end === null || end <= expected.now - skewMilliseconds) return 'NotOnOrAfter is over'
    return begin !== null && begin > expected.now + skewMilliseconds ? 'NotBefore is to come' : null
  })
  if (faults.includes(null)) return
  throw invalid(`no subject confirmation is valid: ${faults[0] ?? 'there is none'}`)
}

function checkConditions(conditions: Element, expected: Expected): void {
  const [begin, end] = [timeIn(conditions, 'NotBefore'), timeIn(conditions, 'NotOnOrAfter')]
  if (begin !== null && begin > expected.now + skewMilliseconds)
    throw invalid('the assertion is not valid yet')
  if (end !== null && end <= expected.now - skewMilliseconds) throw invalid('the assertion has expired')
  const restrictions = children(conditions, 'assertion', 'AudienceRestriction')
  const isForUs = (restriction: Element) =>
    children(restriction, 'assertion', 'Audience').some((one) => textOf(one) === expected.audience)
  if (restrictions.length === 0 || !restrictions.every(isForUs))
    throw invalid('the assertion is for another audience')
}

/** Each name once: two of a name could be read differently here and there. */
function attributesIn(root: Element): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const statement of children(root, 'assertion', 'AttributeStatement'))
    for (const attribute of children(statement, 'assertion', 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? ''
      if (found.has(name)) throw invalid(`the attribute ${name.slice(0, 100)} occurs twice`)
      found.set(name, children(attribute, 'assertion', 'AttributeValue').map(textOf))
    }
  return found
}

/** Null if it is absent. Throws UpstreamFault unless it is a time in UTC (SAML Core §1.3.3). */
function timeIn(element: Element, name: string): number | null {
  const text = attributeOf(element, name)
  if (text === null) return null
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw invalid(`${name} is no time`)
  return at
}

/** Whether assertions stand only where they belong: in the response, and as advice in one. */
export const hasStrayAssertion = (response: Element): boolean =>
  descendants(response, 'assertion', 'Assertion').some(
    ({ parentNode: parent }) => parent !== response && (parent as Element | null)?.localName !== 'Advice',
  )
