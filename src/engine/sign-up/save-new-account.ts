import type { AccountWithIdentifiers } from '../../domain/account.ts'
import { amrOf, assuranceOf } from '../../domain/assurance.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { claiming, type Evidence } from '../../domain/evidence.ts'
import type { AccountId } from '../../domain/id.ts'
import { type Decision, meetsRole } from '../../domain/policy.ts'
import type { Session } from '../../domain/session.ts'
import { verifyNewAccount } from '../accounts/change-identifier.ts'
import { insertAccount } from '../accounts/new-account.ts'
import { draftWarnings, type Free } from '../accounts/taken-address.ts'
import { evaluateAttempt } from '../policy/evaluate-attempt.ts'
import type { Requester } from '../request-context.ts'
import { newSession } from '../sessions/issue-tokens.ts'
import type { SignUpNeeds, SignUpTransaction } from './needs.ts'

interface Saving extends Free {
  credentials: Credential[]
  /** What the credentials proved by being set up. */
  evidence: Evidence[]
  requester: Requester
  /** The attempt that ends here. */
  attempt: Attempt
  /** In the same transaction, before the account is written: what lets it be made. */
  first(tx: SignUpTransaction): Promise<void>
  /** Writes the attempt. */
  store(tx: SignUpTransaction, attempt: Attempt): Promise<void>
  /** Another has verified the address, so that no mail is sent. */
  isVerified?: boolean
  /** For the audit log. */
  details?: Record<string, string>
}

/** A new account and its first session, in one transaction. Throws UniqueViolation for taken identifiers. */
export async function saveNewAccount(
  engine: SignUpNeeds,
  given: Saving,
): Promise<{ session: Session; attempt: Attempt }> {
  const { account, identifiers, holders, credentials, requester, isVerified = false } = given
  const { attempt, decision } = await judgeSignUp(engine, given)
  const { evidence } = attempt
  const { scope } = attempt.request
  const status = await engine.statuses.next('session')
  const session = newSession(engine, {
    ...{ account, decision, requester, scope, evidence, status },
    origin: 'sign-up',
  })
  const sendVerification = isVerified ? undefined : await verifyNewAccount(engine, { account, requester })
  const tellHolders = await draftWarnings(engine, { holders, requester })
  await engine.store.transaction(async (tx) => {
    await given.first(tx)
    await insertAccount(tx, { account: { ...account, zone: requester.zone }, identifiers, credentials })
    await given.store(tx, attempt)
    await tx.sessions.insert(session)
    if (isVerified) await verifyAll(tx, account, requester)
    await sendVerification?.(tx)
    await tellHolders(tx)
    await engine.throttle.trustKnownSource(tx, {
      names: identifiers.map(({ value }) => value),
      source: requester.source,
    })
    await engine.audit.record(tx, {
      kind: 'account.created',
      actor: account.id,
      subject: account.id,
      details: {
        source: requester.source,
        user_agent: requester.userAgent,
        role: account.role,
        session: session.id,
        ...given.details,
      },
    })
  })
  return { session, attempt }
}

async function verifyAll(
  tx: SignUpTransaction,
  { id, identifiers }: AccountWithIdentifiers,
  { now }: Requester,
): Promise<void> {
  for (const { kind, value } of identifiers) await tx.identifiers.verify({ accountId: id, kind, value, now })
}

/**
 * Enrolling a credential proves it. A new account cannot prove more yet: a stricter policy applies from the
 * next sign-in, and the new session is for setting up the rest.
 */
async function judgeSignUp(
  engine: SignUpNeeds,
  { attempt: opened, account, credentials, evidence, requester: { now } }: Saving,
): Promise<{ attempt: Attempt; decision: Extract<Decision, { outcome: 'satisfied' }> }> {
  const proved = evidence.length > 0 ? evidence : [madeIt(account.id, now)]
  const attempt: Attempt = { ...opened, state: 'done', hint: null, accountId: account.id, evidence: proved }
  const about = { account, credentials, newDevice: false, isKnownPlace: true, now }
  const { decisionInputs, decision: judged } = await evaluateAttempt(engine, engine.store, {
    attempt,
    ...about,
  })
  const decision = {
    outcome: 'satisfied',
    acr: assuranceOf(proved) ?? 'aal1',
    amr: amrOf(proved),
    privileged: meetsRole(engine.settings.policy, { role: account.role, evidence: proved }),
    reasons: judged.reasons,
  } as const
  return { attempt: { ...attempt, decisionInputs, decision: judged }, decision }
}

/**
 * The evidence of a sign-up without a credential: its creator. It substitutes the first credential while it
 * is recent.
 */
const madeIt = (accountId: AccountId, at: number): Evidence => ({
  method: 'sign-up',
  ...claiming({ amr: [], factors: [], standsAlone: true }),
  accountId,
  credentialId: null,
  identifier: null,
  at,
})
