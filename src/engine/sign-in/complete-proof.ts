import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import type { EventKind } from '../../domain/event.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { Decision } from '../../domain/policy.ts'
import { Problem } from '../../domain/problem.ts'
import { syncMembership } from '../organisations/sync-membership.ts'
import { evaluateAttempt } from '../policy/evaluate-attempt.ts'
import { newSession } from '../sessions/issue-tokens.ts'
import { endSessionsIn } from '../sessions/revoke.ts'
import { spendChallenge } from '../tickets/challenge.ts'
import { claimAccount, verifyProved } from './claim-account.ts'
import { joinAccount } from './join-account.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'
import { rememberDevice, rememberedEvidence } from './remembered-device.ts'
import type { Concluded, ProofContext } from './types.ts'

/**
 * One transaction: uses up the challenge, updates the credential by compare-and-swap, adds the evidence,
 * evaluates the policy, and begins or steps up a session. A request that loses a race fails here and writes
 * nothing.
 */
export async function completeProof(engine: SignInNeeds, given: ProofContext): Promise<Concluded> {
  const { proof, requester, isKnownPlace, isDeviceKnown } = given
  const { now } = requester
  const outcome = await engine.store.transaction(async (tx): Promise<Concluded> => {
    // Locks are always taken in this order, against deadlocks: account, attempt, ticket, credential.
    const state = await tx.accounts.lockForUpdate(given.account.id)
    if (state === undefined) throw new Problem('answer_refused')
    const attempt = await lockOpenAttempt(tx, given)
    if (given.ticket) await spendChallenge(tx, given.ticket, now)
    await settleCredential(engine, tx, given)
    const claimed = { ...given, attempt, account: { ...given.account, state } }
    const { account, credentials } = given.joins
      ? await joinAccount(engine, tx, { ...claimed, joins: given.joins })
      : await claimAccount(engine, tx, claimed)
    attempt.accountId = account.id
    const { membership } = proof
    if (membership) await syncMembership(engine, tx, { accountId: account.id, membership })
    const standing = attempt.evidence.filter((piece) => stillStands(piece, { account, credentials }))
    attempt.evidence = [...standing, engine.methods.stamp({ method: given.method, proof, now })]
    attempt.evidence.push(...rememberedEvidence({ attempt, credentials, requester }))
    const { decisionInputs, decision } = await evaluateAttempt(engine, tx, {
      attempt,
      account,
      credentials,
      newDevice: !isDeviceKnown,
      isKnownPlace,
      now,
    })
    Object.assign(attempt, {
      decisionInputs,
      decision,
      state: decision.outcome === 'more' ? 'open' : decision.outcome === 'satisfied' ? 'done' : 'refused',
    })
    if (attempt.state !== 'open') attempt.hint = null
    const concluded = await follow(engine, tx, { ...given, account, attempt, decision })
    await (given.isNew ? tx.attempts.insert(attempt) : tx.attempts.save(attempt))
    await given.admission.succeeded(tx)
    await record(engine, tx, { ...given, account }, concluded)
    if (concluded.status === 'done') await tellOwner(engine, tx, { ...given, account })
    return concluded
  })
  // Recovering an account, and claiming one, end other sessions.
  if (outcome.attempt.purpose === 'recover' || 'identifier' in proof.by || given.joins || proof.membership)
    await engine.revocations.poll()
  return outcome
}

/** Evidence of a removed credential or address does not count. */
function stillStands(
  { credentialId, identifier }: Evidence,
  { account, credentials }: { account: AccountWithIdentifiers; credentials: readonly Credential[] },
): boolean {
  if (credentialId !== null)
    return credentials.some(({ id, suspendedAt }) => id === credentialId && suspendedAt === null)
  return account.identifiers.some(
    ({ kind, value }) => kind === identifier?.kind && value === identifier.value,
  )
}

async function lockOpenAttempt(
  tx: SignInTransaction,
  { attempt, isNew, account, requester: { now } }: ProofContext,
): Promise<Attempt> {
  if (isNew) return { ...attempt }
  const held = await tx.attempts.lockForUpdate({ id: attempt.id, now })
  if (!held) throw new Problem('attempt_over')
  if (held.accountId !== null && held.accountId !== account.id) throw new Problem('answer_refused')
  return held
}

/** Throws where the credential was changed, removed or disabled while the answer was checked. */
async function settleCredential(
  engine: SignInNeeds,
  tx: SignInTransaction,
  { proof, method, account, isKnownPlace, joins, requester: { now } }: ProofContext,
): Promise<void> {
  if (joins) return
  if (proof.update) {
    const won = await tx.credentials.update(proof.update, now)
    if (!won && proof.update.win === 'must') throw new Problem('answer_refused')
    if (won && proof.update.win === 'may' && !proof.update.isQuiet)
      await engine.audit.record(tx, {
        kind: 'credential.updated',
        actor: account.id,
        subject: account.id,
        details: { method: method.id },
      })
  }
  if (
    'credential' in proof.by &&
    !(await tx.credentials.markUsed({ id: proof.by.credential.id, isKnownPlace, now }))
  )
    throw new Problem('answer_refused')
}

/** A successful sign-in re-enables a credential that was disabled by guessing. */
async function bringBack(
  engine: SignInNeeds,
  tx: SignInTransaction,
  { credentials, account, method }: ProofContext,
): Promise<void> {
  if (!credentials.some(({ disabledAt }) => disabledAt !== null)) return
  await tx.credentials.enable(account.id)
  await engine.audit.record(tx, {
    kind: 'credential.enabled',
    actor: account.id,
    subject: account.id,
    details: { by: method.id },
  })
}

async function follow(
  engine: SignInNeeds,
  tx: SignInTransaction,
  given: ProofContext & { attempt: Attempt; decision: Decision },
): Promise<Concluded> {
  const { attempt, decision, account, requester, proof, status } = given
  const notes = proof.notes ?? {}
  switch (decision.outcome) {
    case 'more':
      return { status: 'more', attempt, notes }
    case 'refused':
      return { status: 'refused', attempt, reason: decision.reason, notes }
    case 'satisfied': {
      await bringBack(engine, tx, given)
      await verifyProved(engine, tx, { account, evidence: attempt.evidence, requester })
      if (attempt.sessionId) {
        const raised = await tx.sessions.stepUp({
          id: attempt.sessionId,
          acr: decision.acr,
          amr: decision.amr,
          evidence: attempt.evidence,
          now: requester.now,
        })
        if (!raised) throw new Problem('attempt_over')
        return { status: 'done', attempt, session: raised, notes }
      }
      const origin = attempt.purpose === 'recover' ? 'recover' : 'sign-in'
      const { evidence } = attempt
      const session = newSession(engine, {
        account,
        decision,
        requester,
        scope: attempt.request.scope,
        evidence,
        origin,
        status,
      })
      if (origin === 'recover')
        await endSessionsIn(engine, tx, {
          accountId: account.id,
          except: null,
          ending: 'recovered',
          actor: account.id,
        })
      await tx.sessions.insert(session)
      if (requester.zone !== null && requester.zone !== account.zone)
        await tx.accounts.setZone({ id: account.id, zone: requester.zone })
      if (attempt.request.rememberDevice || given.rememberDevice)
        await rememberDevice(engine, tx, { account, decision, requester })
      return { status: 'done', attempt, session, notes }
    }
  }
}

/**
 * Notifies of a new device, and of every saved code: each works once, and may have been found by another
 * person.
 */
async function tellOwner(
  engine: SignInNeeds,
  tx: SignInTransaction,
  { account, method, requester, isDeviceKnown }: ProofContext,
): Promise<void> {
  const about = { account, method: method.id, requester }
  if (!isDeviceKnown) await engine.notify(tx, { ...about, notice: 'new_device' })
  if (method.canClaim.standsIn) await engine.notify(tx, { ...about, notice: 'saved_code_used' })
}

async function record(
  engine: SignInNeeds,
  tx: SignInTransaction,
  { account, method, requester }: ProofContext,
  outcome: Concluded,
): Promise<void> {
  const session = outcome.status === 'done' ? outcome.session : undefined
  const { purpose } = outcome.attempt
  await engine.audit.record(tx, {
    kind: session
      ? succeeded[purpose]
      : outcome.status === 'more'
        ? 'sign_in.more_evidence_required'
        : 'sign_in.refused',
    actor: account.id,
    subject: account.id,
    outcome: session ? 'success' : 'failure',
    details: {
      method: method.id,
      source: requester.source,
      user_agent: requester.userAgent,
      session: session?.id ?? null,
      // an open attempt could still be continued
      attempt: outcome.attempt.state === 'open' ? null : outcome.attempt.id,
      acr: session?.acr ?? null,
      reason: outcome.status === 'refused' ? outcome.reason : null,
    },
  })
  if (session && purpose === 'recover')
    await engine.notify(tx, { account, notice: 'recovered', method: method.id, requester })
}

const succeeded: Readonly<Record<Attempt['purpose'], EventKind>> = {
  'sign-in': 'sign_in.succeeded',
  'sign-up': 'account.created',
  'step-up': 'step_up.succeeded',
  link: 'step_up.succeeded',
  recover: 'account.recovered',
}
