import type { AccountRole } from './account.ts'
import { type Assurance, amrOf, assuranceOf, higher, isAtLeast } from './assurance.ts'
import type { Claims, Evidence } from './evidence.ts'
import { type Operation, operations, type PolicyDocument } from './policy-document.ts'
import type { OrganisationDemand, PolicyContext, PolicyInput, PolicyMethod } from './policy-input.ts'
import { demandOfOrganisation, refusalBy, refusedBy } from './policy-of-organisation.ts'
import { isAdministrative } from './role.ts'

/** One step of the reasoning, in order. `rule` is the path in the document. */
export interface Reason {
  rule: string
  says: 'requires' | 'ignores' | 'grants' | 'lacks' | 'refuses'
  acr?: Assurance
  because: string
}

export type Decision =
  /** `privileged`: it is also as much as the account's role needs before what the role may do is granted. */
  | { outcome: 'satisfied'; acr: Assurance; amr: string[]; privileged: boolean; reasons: Reason[] }
  | { outcome: 'more'; required: Assurance; offers: { method: string }[]; reasons: Reason[] }
  | { outcome: 'refused'; reason: 'account_disabled' | 'unreachable_assurance'; reasons: Reason[] }

/** The combined requirement of all rules that apply. */
interface Demand {
  acr: Assurance
  phishingResistant: boolean
  enrolledFactor: boolean
  /** Evidence from before this moment is too old. */
  since: number
}

/**
 * Is this evidence enough? Pure: the same input gives the same decision and the same reasons, so that past
 * attempts can be replayed against another document. The only place that decides who is signed in.
 */
export function decide(document: PolicyDocument, input: PolicyInput): Decision {
  const { subject, context, organisations = [] } = input
  const reasons: Reason[] = []
  if (!subject.active) {
    reasons.push({ rule: 'account', says: 'refuses', because: 'the account is disabled' })
    return { outcome: 'refused', reason: 'account_disabled', reasons }
  }
  const methods = subject.methods.filter(
    ({ id, claims, identifier }) =>
      countsFor(document, id, identifier) && !refusedBy(organisations, { ...claims, method: id }),
  )
  const demand = demandOf(document, { subject: { ...subject, methods }, context, organisations }, reasons)
  const evidence = input.evidence.filter((piece) =>
    isWorth(document, piece, { demand, organisations, reasons }),
  )
  const granted = assuranceOf(evidence)
  const missing = faultsOf(evidence, demand, context)
  if (missing.length === 0 && granted !== null) {
    reasons.push({
      rule: 'evidence',
      says: 'grants',
      acr: granted,
      because: `proved by ${namesOf(evidence)}`,
    })
    const privileged = meetsRole(document, { role: subject.role, evidence })
    return { outcome: 'satisfied', acr: granted, amr: amrOf(evidence), privileged, reasons }
  }
  for (const because of missing) reasons.push({ rule: 'evidence', says: 'lacks', acr: demand.acr, because })
  return askForMore({ evidence, methods, demand, context, reasons })
}

/** What a role needs; where nothing is said of an administrative one, what an operator needs. */
export const roleRequirement = ({ signIn: { roles } }: PolicyDocument, role: AccountRole) =>
  roles[role] ?? (isAdministrative(role) ? roles.operator : undefined)

/** Whether what was proved is what the role needs. Nothing that a role may do is granted for less. */
export function meetsRole(
  document: PolicyDocument,
  { role, evidence }: { role: AccountRole; evidence: readonly Evidence[] },
): boolean {
  const needed = roleRequirement(document, role)
  const counting = evidence.filter(({ method, identifier }) =>
    countsFor(document, method, identifier?.kind ?? null),
  )
  return (
    needed === undefined ||
    isReachable(
      counting.map((claims) => ({ claims })),
      needed,
    )
  )
}

function askForMore(given: {
  evidence: readonly Evidence[]
  methods: readonly PolicyMethod[]
  demand: Demand
  context: PolicyContext
  reasons: Reason[]
}): Decision {
  const { evidence, methods, demand, context, reasons } = given
  const unused = methods.filter(({ id, usable }) => usable && !evidence.some((piece) => piece.method === id))
  const isEnough = (...more: PolicyMethod[]) =>
    faultsOf([...evidence, ...more.map(asIfProved)], demand, context).length === 0
  if (!isEnough(...unused)) {
    reasons.push({
      rule: 'methods',
      says: 'refuses',
      because: 'the account has no further method that could prove it',
    })
    return { outcome: 'refused', reason: 'unreachable_assurance', reasons }
  }
  // What is enough by itself, and what is enough beside one other that is not.
  const apart = unused.filter((method) => !isEnough(method))
  const helps = (method: PolicyMethod) =>
    !apart.includes(method) || apart.some((other) => other !== method && isEnough(method, other))
  const helpful = unused.filter(helps)
  const offers = (helpful.length > 0 ? helpful : unused).map(({ id }) => ({ method: id }))
  return { outcome: 'more', required: demand.acr, offers, reasons }
}

function demandOf(
  document: PolicyDocument,
  { subject, context, organisations = [] }: Omit<PolicyInput, 'evidence'>,
  reasons: Reason[],
): Demand {
  const demand: Demand = { acr: 'aal1', phishingResistant: false, enrolledFactor: false, since: 0 }
  const ask = (rule: string, acr: Assurance, because: string): void => {
    demand.acr = higher(demand.acr, acr)
    reasons.push({ rule, says: 'requires', acr, because })
  }
  if (context.requestedAcr) ask('request.acr', context.requestedAcr, 'the application asked for it')
  if (context.operation) {
    for (const operation of context.operation === 'any' ? operations : [context.operation]) {
      const asked = demandOfOperation(document, { subject, context }, operation)
      if (!asked) continue
      demand.since = Math.max(demand.since, context.now - asked.ageSecondsMax * 1000)
      demand.enrolledFactor ||= asked.enrolledFactor
      ask(
        `operations.${operation}`,
        asked.acr,
        `it changes ${operation}, and needs proof younger than ${asked.ageSecondsMax} s`,
      )
    }
    return demand
  }
  const { signIn } = document
  const ofOwner = subject.methods.filter(({ enrolled }) => enrolled)
  ask('signIn.required', signIn.required, 'every sign-in needs it')
  const byRole = roleRequirement(document, subject.role)
  if (byRole && isReachable(ofOwner, byRole)) {
    ask(`signIn.roles.${subject.role}`, byRole.acr, `the account is ${subject.role}`)
    demand.phishingResistant ||= byRole.phishingResistant === true
  } else if (byRole)
    reasons.push({
      rule: `signIn.roles.${subject.role}`,
      says: 'ignores',
      because: 'no method of the account could reach what the role needs',
    })
  const byClient = signIn.clients[context.clientId]
  if (byClient) {
    ask(`signIn.clients.${context.clientId}`, byClient.acr, 'the application needs it')
    demand.phishingResistant ||= byClient.phishingResistant === true
  }
  for (const one of organisations.map((organisation) => demandOfOrganisation(organisation, context.now))) {
    ask(one.rule, one.acr, 'the organisation needs it')
    demand.phishingResistant ||= one.phishingResistant
    demand.since = Math.max(demand.since, one.since)
  }
  if (signIn.newDevice && context.newDevice) {
    ask('signIn.newDevice', signIn.newDevice.acr, 'the device is new to the account')
    demand.phishingResistant ||= signIn.newDevice.phishingResistant === true
  }
  if (signIn.secondFactor === 'when-enrolled' && hasSecondFactor(subject.methods)) {
    ask('signIn.secondFactor', 'aal2', 'the account has set up a second factor')
    demand.enrolledFactor = true
  }
  return demand
}

/**
 * What one operation asks for. Of `any`, what the account could never prove is left out: another operation
 * may need less.
 */
function demandOfOperation(
  document: PolicyDocument,
  { subject, context }: Omit<PolicyInput, 'evidence'>,
  operation: Operation,
) {
  const { acr: asked, ageSecondsMax } = document.operations[operation]
  // What was lost cannot be proved; a recovery has proved as much as a sign-in requires.
  const best = context.recovered ? 'aal1' : bestOf(subject.methods)
  const acr = asked === 'best' ? best : asked
  const enrolledFactor = asked === 'best' && !context.recovered && hasSecondFactor(subject.methods)
  return context.operation === 'any' && !isReachable(subject.methods, { acr })
    ? undefined
    : { acr, ageSecondsMax, enrolledFactor }
}

/** What is missing, in words; empty if nothing is. */
function faultsOf(evidence: readonly Evidence[], demand: Demand, context: PolicyContext): string[] {
  const granted = assuranceOf(evidence)
  const faults: string[] = []
  if (granted === null)
    faults.push(evidence.length === 0 ? 'nothing is proved yet' : `${namesOf(evidence)} cannot stand alone`)
  else if (!isAtLeast(granted, demand.acr))
    faults.push(`${namesOf(evidence)} proves ${granted}, which is below ${demand.acr}`)
  if (demand.phishingResistant && !evidence.some((piece) => piece.phishingResistant))
    faults.push('nothing proved is phishing-resistant')
  if (demand.enrolledFactor && !evidence.some(isEnrolledFactor))
    faults.push('the second factor that was set up is not proved')
  // Two independent proofs recover an account, also where they are of one kind (NIST SP 800-63B-4 §4.2.2.2).
  const recovers =
    context.purpose === 'recover' && granted !== null && !demand.phishingResistant && distinct(evidence) >= 2
  return recovers && evidence.some(isEnrolledFactor) ? [] : faults
}

/** Reasons are gathered once: the evidence that does not count, and why. */
function isWorth(
  document: PolicyDocument,
  piece: Evidence,
  given: { demand: Demand; organisations: readonly OrganisationDemand[]; reasons: Reason[] },
): boolean {
  const { demand, organisations, reasons } = given
  const refusal = refusalBy(organisations, piece)
  if (refusal) reasons.push(refusal)
  if (refusal) return false
  if (!countsFor(document, piece.method, piece.identifier?.kind ?? null)) {
    reasons.push({ rule: 'counts', says: 'ignores', because: `${piece.method} proves nothing here` })
    return false
  }
  if (piece.at >= demand.since) return true
  reasons.push({ rule: 'operations', says: 'ignores', because: `what ${piece.method} proved is too old` })
  return false
}

/** Whether a method's proofs, or control of such an identifier, are worth anything under this document. */
export function countsFor(
  { counts: { identifiers, notMethods } }: PolicyDocument,
  method: string,
  identifier: PolicyMethod['identifier'],
): boolean {
  return !notMethods.includes(method) && (identifier === null || identifiers.includes(identifier))
}

/**
 * As much as what the owner has set up can prove. Recovery codes do not count: they replace a lost factor.
 */
export function bestOf(methods: readonly PolicyMethod[]): Assurance {
  const own = methods.filter(({ enrolled, claims }) => enrolled && !claims.standsIn)
  return assuranceOf(own.map(({ claims }) => claims)) ?? 'aal1'
}

/** Whether the account could ever meet it, with all it has. */
export function isReachable(
  methods: readonly Pick<PolicyMethod, 'claims'>[],
  { acr, phishingResistant }: { acr: Assurance; phishingResistant?: boolean },
): boolean {
  const most = assuranceOf(methods.map(({ claims }) => claims))
  return (
    most !== null &&
    isAtLeast(most, acr) &&
    (phishingResistant !== true || methods.some(({ claims }) => claims.phishingResistant))
  )
}

/** Whether the owner has set up more than one kind of factor. */
export function hasSecondFactor(methods: readonly PolicyMethod[]): boolean {
  const own = methods.filter(({ enrolled }) => enrolled).map(({ claims }) => claims)
  return assuranceOf(own) !== 'aal1' && own.some(isSecond)
}

/**
 * Whether the account could be signed in to with everything it has but one method. Identifiers count as far
 * as they are given.
 */
export function isOpenWithout(
  document: PolicyDocument,
  { subject, context, method }: Omit<PolicyInput, 'evidence'> & { method: string },
): boolean {
  const others = subject.methods.filter(({ id, usable }) => usable && id !== method)
  return decide(document, { evidence: others.map(asIfProved), subject, context }).outcome === 'satisfied'
}

const isSecond = ({ factors, userVerified, standsIn }: Claims): boolean =>
  !standsIn && (factors.includes('possession') || userVerified)
const isEnrolledFactor = (piece: Evidence): boolean =>
  piece.standsIn || (piece.credentialId !== null && isSecond(piece))
const distinct = (evidence: readonly Evidence[]): number =>
  new Set(
    evidence.map((piece) => piece.credentialId ?? `${piece.identifier?.kind}:${piece.identifier?.value}`),
  ).size
const namesOf = (evidence: readonly Evidence[]): string =>
  [...new Set(evidence.map((piece) => piece.method))].join(' and ')

const asIfProved = ({ id, claims, identifier }: PolicyMethod): Evidence => ({
  ...claims,
  method: id,
  accountId: 'acc_',
  credentialId: identifier ? null : (`crd_${id}` as const),
  identifier: identifier && { kind: identifier, value: id },
  at: Number.MAX_SAFE_INTEGER,
})
