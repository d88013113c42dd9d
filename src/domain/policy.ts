import type { AccountRole } from './account.ts'
import type { Evidence, Factor } from './evidence.ts'

/** Authentication assurance levels of NIST SP 800-63B-4 §2; `acr` in tokens. */
export const assurances = ['aal1', 'aal2', 'aal3'] as const
export type Assurance = (typeof assurances)[number]

/** The rule as data: what signing in asks for, and how fresh evidence must be where something is at stake. */
export interface PolicyDocument {
  signIn: { required: Assurance; roles: Partial<Record<AccountRole, Assurance>>; secondFactor: 'when-enrolled' | 'never' }
  sensitive: { evidenceAgeSecondsMax: number }
}

export const defaultPolicy: PolicyDocument = {
  signIn: { required: 'aal1', roles: {}, secondFactor: 'when-enrolled' },
  sensitive: { evidenceAgeSecondsMax: 600 },
}

/** What a policy may know of an account: its role, and what each of its methods could prove at most. */
export interface PolicySubject {
  role: AccountRole
  active: boolean
  methods: readonly { id: string; factors: readonly Factor[]; userVerified: boolean; phishingResistant: boolean }[]
}

export interface PolicyInput {
  evidence: readonly Evidence[]
  subject: PolicySubject
  requestedAcr: Assurance | null
}

/** One step of the reasoning, in an order a person can follow. `rule` is the place in the document. */
export interface Reason {
  rule: string
  says: 'requires' | 'grants' | 'lacks' | 'refuses'
  acr?: Assurance
  factor?: Factor
  because: string
}

export type Decision =
  | { outcome: 'satisfied'; acr: Assurance; amr: string[]; reasons: Reason[] }
  | { outcome: 'more'; required: Assurance; offers: { method: string }[]; reasons: Reason[] }
  | { outcome: 'refused'; reason: 'account_disabled' | 'unreachable_assurance'; reasons: Reason[] }

/**
 * Is this evidence enough? Pure: the same input gives the same decision and the same reasons, so that past attempts can
 * be replayed against another document. Nothing else decides who is let in.
 */
export function decide(document: PolicyDocument, { evidence, subject, requestedAcr }: PolicyInput): Decision {
  if (!subject.active) {
    const reasons: Reason[] = [{ rule: 'account', says: 'refuses', because: 'the account is disabled' }]
    return { outcome: 'refused', reason: 'account_disabled', reasons }
  }
  const reasons = requirements(document, subject, requestedAcr)
  const required = reasons.reduce<Assurance>((highest, reason) => higher(highest, reason.acr ?? 'aal1'), 'aal1')
  const granted = assuranceOf(evidence)
  if (granted !== null && isAtLeast(granted, required)) {
    reasons.push({ rule: 'evidence', says: 'grants', acr: granted, because: `proved by ${methodsOf(evidence)}` })
    return { outcome: 'satisfied', acr: granted, amr: amrOf(evidence), reasons }
  }
  return askForMore({ evidence, subject, required, granted, reasons })
}

function askForMore(given: {
  evidence: readonly Evidence[]
  subject: PolicySubject
  required: Assurance
  granted: Assurance | null
  reasons: Reason[]
}): Decision {
  const { evidence, subject, required, granted, reasons } = given
  const used = new Set(evidence.map((piece) => piece.method))
  const offers = subject.methods.filter((method) => !used.has(method.id)).map((method) => ({ method: method.id }))
  reasons.push({
    rule: 'evidence',
    says: 'lacks',
    acr: required,
    because: granted === null ? 'nothing is proved yet' : `${methodsOf(evidence)} proves ${granted}, which is below ${required}`,
  })
  if (offers.length > 0) return { outcome: 'more', required, offers, reasons }
  reasons.push({ rule: 'methods', says: 'refuses', because: 'the account has no further method that could prove it' })
  return { outcome: 'refused', reason: 'unreachable_assurance', reasons }
}

function requirements(document: PolicyDocument, subject: PolicySubject, requestedAcr: Assurance | null): Reason[] {
  const { signIn } = document
  const reasons: Reason[] = [{ rule: 'signIn.required', says: 'requires', acr: signIn.required, because: 'everybody needs it' }]
  const byRole = signIn.roles[subject.role]
  if (byRole)
    reasons.push({ rule: `signIn.roles.${subject.role}`, says: 'requires', acr: byRole, because: `the account is ${subject.role}` })
  if (signIn.secondFactor === 'when-enrolled' && canReachSecondFactor(subject)) {
    reasons.push({ rule: 'signIn.secondFactor', says: 'requires', acr: 'aal2', because: 'the account has set up a second factor' })
  }
  if (requestedAcr) reasons.push({ rule: 'request.acr', says: 'requires', acr: requestedAcr, because: 'the application asked for it' })
  return reasons
}

const canReachSecondFactor = ({ methods }: PolicySubject): boolean =>
  methods.some((method) => method.userVerified) || new Set(methods.flatMap((method) => method.factors)).size > 1

/**
 * What the evidence amounts to: a user-verified, phishing-resistant authenticator or two kinds of factor make `aal2`;
 * anything proved makes `aal1`. Null where nothing is. More evidence never lowers it.
 */
export function assuranceOf(evidence: readonly Evidence[]): Assurance | null {
  if (evidence.length === 0) return null
  const verified = evidence.filter((piece) => piece.userVerified && piece.phishingResistant)
  const kinds = new Set(evidence.flatMap((piece) => piece.factors))
  if (verified.some((piece) => piece.amr.includes('hwk'))) return 'aal3'
  return verified.length > 0 || kinds.size > 1 ? 'aal2' : 'aal1'
}

export const isAtLeast = (had: Assurance, needed: Assurance): boolean => assurances.indexOf(had) >= assurances.indexOf(needed)
const higher = (a: Assurance, b: Assurance): Assurance => (isAtLeast(a, b) ? a : b)
const methodsOf = (evidence: readonly Evidence[]): string => [...new Set(evidence.map((piece) => piece.method))].join(' and ')

function amrOf(evidence: readonly Evidence[]): string[] {
  const amr = [...new Set(evidence.flatMap((piece) => piece.amr))]
  const kinds = new Set(evidence.flatMap((piece) => piece.factors))
  return kinds.size > 1 ? [...amr, 'mfa'] : amr // RFC 8176 §2: more than one kind of factor
}
