import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { Credential } from '../domain/credential.ts'
import type { Evidence } from '../domain/evidence.ts'
import { type AccountId, type AttemptId, newAttemptId } from '../domain/id.ts'
import { identifierKindOf, normaliseIdentifier } from '../domain/identifier.ts'
import type { MethodDefinition, Proof } from '../domain/method.ts'
import { type Assurance, type Decision, decide } from '../domain/policy.ts'
import { Problem } from '../domain/problem.ts'
import type { Session } from '../domain/session.ts'
import type { Aggregates } from '../store/store.ts'
import type { Engine } from './engine.ts'
import { newSession, type TokenPair, tokensFor } from './issue-tokens.ts'
import type { Requester } from './requester.ts'
import type { Admission, Quota } from './throttle.ts'

const attemptSeconds = 600
const nobody: AccountId = 'acc_00000000000000000000000000'

export interface SignIn {
  /** The method's id. */
  method: string
  /** Any identifier. */
  name: string
  answer: Record<string, unknown>
  scope?: string | undefined
  requestedAcr?: Assurance | null
  requester: Requester
}

export interface SignedIn {
  tokens: TokenPair
  session: Session
  quota: Quota
}

type Proved = Extract<Proof<unknown>, { outcome: 'proved' }>

interface Subject {
  account: AccountWithIdentifiers | undefined
  credentials: Credential[]
}

/**
 * One attempt, begun and answered in one call: the method proves, the policy decides, and one transaction writes down all
 * that follows. Throws `incorrect_credentials` alike for a wrong answer and for a name nobody has, `too_many_attempts`,
 * `account_disabled`, `more_evidence_required`, `busy`.
 */
export async function signIn(engine: Engine, request: SignIn): Promise<SignedIn> {
  const method = engine.methods.get(request.method)
  const name = normalName(engine, request.name)
  const admission = await admit(engine, { method, name: name?.value ?? request.name, requester: request.requester })
  const subject = await findSubject(engine, name)
  let proof: Proof<unknown>
  try {
    const ctx = engine.methods.context({ method, ...subject, requester: request.requester, now: engine.clock.now() })
    const { state } = await method.begin(ctx)
    proof = await method.prove(ctx, state, request.answer)
  } catch (error) {
    await admission.abandoned()
    throw error
  }
  if (proof.outcome === 'refused' || !subject.account) {
    await recordRefusal(engine, {
      method,
      subject,
      request,
      admission,
      reason: proof.outcome === 'refused' ? proof.reason : 'unknown_account',
    })
    throw new Problem('incorrect_credentials', { extensions: { quota: admission.quota } })
  }
  const now = engine.clock.now()
  const evidence = [engine.methods.stamp({ method, credential: proof.credential, claims: proof.claims, now })]
  const requestedAcr = request.requestedAcr ?? null
  const decision = decide(engine.settings.policy, {
    evidence,
    subject: engine.methods.subject(subject.account, subject.credentials),
    requestedAcr,
  })
  return conclude(engine, { account: subject.account, proof, evidence, decision, request, requestedAcr, admission })
}

async function conclude(
  engine: Engine,
  given: {
    account: AccountWithIdentifiers
    proof: Proved
    evidence: Evidence[]
    decision: Decision
    request: SignIn
    requestedAcr: Assurance | null
    admission: Admission
  },
): Promise<SignedIn> {
  const { account, proof, evidence, decision, request, requestedAcr, admission } = given
  const { requester } = request
  const attempt = newAttempt(engine, { account, evidence, decision, requestedAcr, requester })
  const session = decision.outcome === 'satisfied' ? newSession(engine, { account, decision, requester, scope: request.scope }) : undefined
  const write = async (tx: Aggregates): Promise<void> => {
    await refuseOvertaken(tx, proof, { opensSession: session !== undefined }, engine.clock.now())
    await tx.attempts.insert(attempt)
    if (session) await tx.sessions.insert(session)
    await admission.succeeded(tx)
    const kind = session ? 'sign_in.succeeded' : decision.outcome === 'more' ? 'sign_in.more_evidence_required' : 'sign_in.refused'
    const details = {
      method: request.method,
      source: requester.source,
      user_agent: requester.userAgent,
      session: session?.id ?? null,
      acr: session?.acr ?? null,
      reason: decision.outcome === 'refused' ? decision.reason : null,
    }
    await engine.audit.record(tx, { kind, actor: account.id, subject: account.id, outcome: session ? 'success' : 'failure', details })
  }
  await engine.store.transaction(write).catch(async (error) => {
    await admission.abandoned()
    throw error
  })
  engine.observe.signIn(request.method, session ? 'succeeded' : decision.outcome === 'more' ? 'more_evidence_required' : 'refused')
  if (session) return { tokens: tokensFor(engine, session), session, quota: admission.quota }
  throw refusalOf(decision, attempt.id)
}

function refusalOf(decision: Decision, attempt: AttemptId): Problem {
  if (decision.outcome === 'more') {
    return new Problem('more_evidence_required', { extensions: { attempt, offers: decision.offers } })
  }
  return new Problem(
    decision.outcome === 'refused' && decision.reason === 'account_disabled' ? 'account_disabled' : 'more_evidence_required',
    {
      extensions: { attempt, offers: [] },
    },
  )
}

/** Throws where somebody deleted or disabled the account, or reset the credential, while the answer was being looked at. */
async function refuseOvertaken(tx: Aggregates, proof: Proved, { opensSession }: { opensSession: boolean }, now: number): Promise<void> {
  const state = await tx.accounts.hold(proof.credential.accountId)
  if (state === undefined || (opensSession && state !== 'active')) throw new Problem('incorrect_credentials')
  // The update loses to anything that changed the credential meanwhile; the proof itself still stands.
  if (proof.update !== undefined && (await tx.credentials.update(proof.update, now))) return
  if (!(await tx.credentials.markUsed(proof.credential.id, now))) throw new Problem('incorrect_credentials')
}

async function admit(engine: Engine, given: { method: MethodDefinition; name: string; requester: Requester }): Promise<Admission> {
  try {
    return await engine.throttle.admitSignIn({ name: given.name, source: given.requester.source })
  } catch (error) {
    if (error instanceof Problem && error.code === 'too_many_attempts') engine.observe.signIn(given.method.id, 'throttled')
    throw error
  }
}

async function recordRefusal(
  engine: Engine,
  given: { method: MethodDefinition; subject: Subject; request: SignIn; admission: Admission; reason: string },
): Promise<void> {
  const { method, subject, request, admission, reason } = given
  await engine.store.transaction(async (tx) => {
    await admission.failed(tx)
    const details = { method: method.id, source: request.requester.source, user_agent: request.requester.userAgent, reason }
    await engine.audit.record(tx, {
      kind: 'sign_in.refused',
      actor: 'anonymous',
      subject: subject.account?.id ?? null,
      outcome: 'failure',
      details,
    })
  })
  engine.observe.signIn(method.id, 'refused')
}

function newAttempt(
  engine: Engine,
  given: {
    account: AccountWithIdentifiers
    evidence: Evidence[]
    decision: Decision
    requestedAcr: Assurance | null
    requester: Requester
  },
): Attempt {
  const { account, evidence, decision, requestedAcr, requester } = given
  const now = engine.clock.now()
  const state = decision.outcome === 'more' ? 'open' : 'done'
  return {
    id: newAttemptId(engine),
    purpose: 'sign-in',
    state,
    accountId: account.id,
    requestedAcr,
    evidence,
    decision,
    source: requester.source,
    createdAt: now,
    expiresAt: now + attemptSeconds * 1000,
  }
}

function normalName(engine: Engine, text: string): { kind: ReturnType<typeof identifierKindOf>; value: string } | undefined {
  const kind = identifierKindOf(text)
  const normal = normaliseIdentifier(kind, text, { phoneCountry: engine.settings.phoneCountry })
  return normal.ok ? { kind, value: normal.identifier.value } : undefined
}

/** A name that nobody has is looked for as often as one that somebody has: each look is a round trip that could be timed. */
async function findSubject(engine: Engine, name: ReturnType<typeof normalName>): Promise<Subject> {
  const { accounts, credentials } = engine.store
  const account = name && (await accounts.findByIdentifier(name.kind, name.value))
  if (account) return { account, credentials: await credentials.listByAccount(account.id) }
  await accounts.find(nobody)
  return { account: undefined, credentials: await credentials.listByAccount(nobody) }
}
