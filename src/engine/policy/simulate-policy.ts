import type { Attempt } from '../../domain/attempt.ts'
import { daysToMilliseconds } from '../../domain/clock.ts'
import type { AccountId, AttemptId } from '../../domain/id.ts'
import { type Decision, decide } from '../../domain/policy.ts'
import type { PolicyDocument } from '../../domain/policy-document.ts'
import type { OrganisationDemand, PolicySubject } from '../../domain/policy-input.ts'
import { findById } from '../accounts/find-account.ts'
import type { PolicyNeeds } from './needs.ts'

const attemptsPerPage = 500

/**
 * `locked_out`: the account's methods at that time could not satisfy the document. `could_now`: its methods
 * today could.
 */
export type Change = 'asked_for_more' | 'locked_out' | 'could_now'

export interface AffectedAccount {
  accountId: AccountId
  /** Identifiers, for people; empty if the account is gone. */
  names: string[]
  change: Change
  /** How many of its attempts would have had another outcome, and the last of them. */
  attempts: number
  lastAttempt: AttemptId
  lastAt: number
  /** What it had proved then, and what the document says was missing. */
  proved: string[]
  lacking: string[]
  /** What it could have been asked for; what it has today. */
  offers: string[]
  methods: string[]
}

export interface Rehearsal {
  days: number
  attempts: number
  accounts: number
  unchanged: number
  /** Attempts that proved more than the document asks for, and were asked for more than that. */
  askedForLess: number
  affected: AffectedAccount[]
}

interface Rehearsing {
  document: PolicyDocument
  days: number
  /** With other rules of this organisation: only attempts that it had a say in. */
  organisation?: Pick<OrganisationDemand, 'slug' | 'policy'>
}

type Inputs = NonNullable<Attempt['decisionInputs']>

/**
 * Evaluates past attempts against another document, or other rules of an organisation: which accounts would
 * have been asked for more, or locked out? Reads only.
 */
export async function rehearsePolicy(
  engine: PolicyNeeds,
  { document, days, organisation }: Rehearsing,
): Promise<Rehearsal> {
  const since = engine.clock.now() - daysToMilliseconds(days)
  const affected = new Map<AccountId, AffectedAccount>()
  const whoIs = createWhoIs(engine)
  const seen = new Set<AccountId>()
  let [attempts, unchanged, askedForLess] = [0, 0, 0]
  for (let after: AttemptId | null = null; ; ) {
    const page: Attempt[] = await engine.store.attempts.list({ after, limit: attemptsPerPage, since })
    for (const attempt of page) {
      const inputs = attempt.decisionInputs && inputsUnder(attempt.decisionInputs, organisation)
      if (!inputs || !attempt.accountId || !attempt.decision) continue
      attempts++
      seen.add(attempt.accountId)
      const decision = decide(document, { evidence: attempt.evidence, ...inputs })
      if (attempt.decision.outcome === 'more' && decision.outcome === 'satisfied') askedForLess++
      if (attempt.decision.outcome !== 'satisfied' || decision.outcome === 'satisfied') unchanged++
      else add(document, { affected, attempt, inputs, decision, owner: await whoIs(attempt.accountId) })
    }
    const last = page.at(-1)
    if (!last || page.length < attemptsPerPage) break
    after = last.id
  }
  const gravity: Change[] = ['locked_out', 'could_now', 'asked_for_more']
  const sorted = [...affected.values()].sort(
    (a, b) => gravity.indexOf(a.change) - gravity.indexOf(b.change) || b.lastAt - a.lastAt,
  )
  return { days, attempts, accounts: seen.size, unchanged, askedForLess, affected: sorted }
}

/** Undefined if the organisation had no say in it. */
function inputsUnder(inputs: Inputs, organisation: Rehearsing['organisation']): Inputs | undefined {
  if (!organisation) return inputs
  const { organisations = [] } = inputs
  if (!organisations.some(({ slug }) => slug === organisation.slug)) return undefined
  const changed = organisations.map((one) =>
    one.slug === organisation.slug ? { ...one, ...organisation } : one,
  )
  return { ...inputs, organisations: changed }
}

/** An account as it is today; the subject is undefined if it is gone. */
interface Owner {
  names: string[]
  subject: PolicySubject | undefined
}

/** Each account is looked up once, however many attempts it made. */
function createWhoIs(engine: PolicyNeeds): (id: AccountId) => Promise<Owner> {
  const found = new Map<AccountId, Promise<Owner>>()
  async function find(id: AccountId): Promise<Owner> {
    const { account, credentials } = await findById(engine, id)
    return {
      names: account?.identifiers.map(({ display }) => display) ?? [],
      subject: account && engine.methods.subject(account, credentials),
    }
  }
  return (id) => {
    const owner = found.get(id) ?? find(id)
    found.set(id, owner)
    return owner
  }
}

function add(
  document: PolicyDocument,
  given: {
    affected: Map<AccountId, AffectedAccount>
    attempt: Attempt
    inputs: Inputs
    decision: Decision
    owner: Owner
  },
): void {
  const { affected, attempt, inputs, decision, owner } = given
  const accountId = attempt.accountId as AccountId
  const former = affected.get(accountId)
  const { names, subject } = owner
  const change = subject ? changeOf(document, { attempt, inputs, decision, subject }) : 'locked_out'
  affected.set(accountId, {
    accountId,
    names,
    change: former?.change === 'locked_out' && change !== 'asked_for_more' ? former.change : change,
    attempts: (former?.attempts ?? 0) + 1,
    lastAttempt: attempt.id,
    lastAt: attempt.createdAt,
    proved: [...new Set(attempt.evidence.map(({ method }) => method))],
    lacking: decision.reasons.filter(({ says }) => says === 'lacks').map(({ because }) => because),
    offers: decision.outcome === 'more' ? decision.offers.map(({ method }) => method) : [],
    methods: subject?.methods.map(({ id }) => id) ?? [],
  })
}

/**
 * What the account has today decides whether it is locked out for good: it may have set something up since.
 */
function changeOf(
  document: PolicyDocument,
  given: { attempt: Attempt; inputs: Inputs; decision: Decision; subject: PolicySubject },
): Change {
  const { attempt, inputs, decision, subject } = given
  if (decision.outcome === 'more') return 'asked_for_more'
  const today = decide(document, { ...inputs, evidence: attempt.evidence, subject })
  return today.outcome === 'refused' ? 'locked_out' : 'could_now'
}
