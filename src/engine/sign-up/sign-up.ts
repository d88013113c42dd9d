import { hashSecret } from '../../crypto/equal.ts'
import type { AccountRole, AccountWithIdentifiers } from '../../domain/account.ts'
import { amrOf, assuranceOf } from '../../domain/assurance.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { claiming, type Evidence } from '../../domain/evidence.ts'
import type { AccountId } from '../../domain/id.ts'
import { type Decision, meetsRole } from '../../domain/policy.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { UniqueViolation } from '../../store/database.ts'
import { verifyNewAccount } from '../accounts/change-identifier.ts'
import {
  draftAccount,
  identifierTaken,
  insertAccount,
  type NewAccount,
  normaliseAll,
} from '../accounts/new-account.ts'
import { draftWarnings, type Free, withoutTaken } from '../accounts/taken-address.ts'
import { enrol, evidenceOf } from '../credentials/enrol.ts'
import { hasAnyWayIn } from '../credentials/remaining-sign-in-methods.ts'
import { evaluateAttempt } from '../policy/evaluate-attempt.ts'
import type { Requester } from '../request-context.ts'
import { newSession, type TokenPair, tokensFor } from '../sessions/issue-tokens.ts'
import { draftAttempt, plainRequest } from '../sign-in/open-attempt.ts'
import type { SignUpNeeds, SignUpTransaction } from './needs.ts'

export interface SignUp extends NewAccount {
  /** By method id, what its `enrol.answer` takes. */
  answers: Record<string, Record<string, unknown>>
  invitation?: string | undefined
  requester: Requester
}

export interface SignedUp {
  account: AccountWithIdentifiers
  tokens: TokenPair
  session: Session
  /** The methods' messages about the new credentials, by method id. */
  notes: Record<string, Record<string, unknown>>
}

/**
 * A new account, signed in; with its first credential, or with an address by which it can be signed in to.
 * Throws `sign_up_closed`, `invitation_required`, `invalid_fields`, `identifier_taken`, what the method
 * refuses with, `too_many_attempts`, `busy`.
 */
export async function signUp(engine: SignUpNeeds, request: SignUp): Promise<SignedUp> {
  if (engine.settings.signUp === 'closed' && request.invitation === undefined)
    throw new Problem('sign_up_closed')
  if (engine.settings.signUp === 'invite' && request.invitation === undefined)
    throw new Problem('invitation_required')
  const given = normaliseAll(engine, request)
  await engine.rateLimits.admitSignUp(request.requester.source)
  const draft = draftAccount(engine, request, given)
  // Before the costly hash; the unique index decides in the end.
  const free = await withoutTaken(engine, {
    account: draft,
    identifiers: given,
    requester: request.requester,
  })
  const { credentials, notes } = await enrolAll(engine, { account: draft, request })
  const save = ({ account, identifiers, holders }: Free) =>
    saveNewAccount(engine, { account, identifiers, credentials, request, holders }).then((session) => ({
      account,
      session,
    }))
  const { account, session } = await save(free).catch(async (error: unknown) => {
    if (!(error instanceof UniqueViolation)) throw error
    // Another sign-up took a name meanwhile.
    return save(
      await withoutTaken(engine, { account: draft, identifiers: given, requester: request.requester }),
    ).catch(identifierTaken)
  })
  return { account, tokens: tokensFor(engine, session, request.requester.now), session, notes }
}

async function saveNewAccount(
  engine: SignUpNeeds,
  given: Free & { credentials: Credential[]; request: SignUp },
): Promise<Session> {
  const { account, identifiers, holders, credentials, request } = given
  const { requester, invitation } = request
  const { attempt, decision } = judgeSignUp(engine, { account, credentials, requester })
  const { evidence } = attempt
  const session = newSession(engine, {
    account,
    decision,
    requester,
    scope: null,
    evidence,
    origin: 'sign-up',
    status: await engine.statuses.next('session'),
  })
  const sendVerification = await verifyNewAccount(engine, { account, requester })
  const tellHolders = await draftWarnings(engine, { holders, requester })
  const write = async (tx: SignUpTransaction): Promise<void> => {
    if (invitation !== undefined) account.role = await spendInvitation(tx, invitation, requester)
    await insertAccount(tx, { account, identifiers, credentials })
    await tx.attempts.insert(attempt)
    await tx.sessions.insert(session)
    await sendVerification(tx)
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
      },
    })
  }
  await engine.store.transaction(write)
  return session
}

/**
 * Enrolling a credential proves it. A new account cannot prove more yet: a stricter policy applies from the
 * next sign-in, and the new session is for setting up the rest.
 */
function judgeSignUp(
  engine: SignUpNeeds,
  {
    account,
    credentials,
    requester,
  }: { account: AccountWithIdentifiers; credentials: Credential[]; requester: Requester },
): { attempt: Attempt; decision: Extract<Decision, { outcome: 'satisfied' }> } {
  const { now } = requester
  const request = { ...plainRequest }
  const draft = draftAttempt(engine, { purpose: 'sign-in', request, requester, browser: null })
  const evidence = credentials.map((credential) => evidenceOf(engine, credential, now))
  if (evidence.length === 0) evidence.push(madeIt(account.id, now))
  const attempt: Attempt = {
    ...draft,
    purpose: 'sign-up',
    state: 'done',
    accountId: account.id,
    evidence,
    expiresAt: now,
  }
  const judged = evaluateAttempt(engine, {
    attempt,
    account,
    credentials,
    newDevice: false,
    isKnownPlace: true,
    now,
  })
  const acr = assuranceOf(evidence) ?? 'aal1'
  const { reasons } = judged.decision
  const privileged = meetsRole(engine.settings.policy, { role: account.role, evidence })
  const decision = { outcome: 'satisfied', acr, amr: amrOf(evidence), privileged, reasons } as const
  return {
    attempt: { ...attempt, decisionInputs: judged.decisionInputs, decision: judged.decision },
    decision,
  }
}

async function spendInvitation(
  tx: SignUpTransaction,
  invitation: string,
  { now }: Requester,
): Promise<AccountRole> {
  const secretHash = hashSecret(invitation)
  if (await tx.tickets.spend({ secretHash, purpose: 'invitation', now })) return 'member'
  const ticket = await tx.tickets.spend({ secretHash, purpose: 'first-operator', now })
  if (!ticket) throw new Problem('invitation_required')
  await tx.accounts.lockOperators(now)
  if ((await tx.accounts.countOperators('active')) > 0) throw new Problem('invitation_required')
  return 'operator'
}

async function enrolAll(
  engine: SignUpNeeds,
  { account, request }: { account: AccountWithIdentifiers; request: SignUp },
): Promise<{ credentials: Credential[]; notes: SignedUp['notes'] }> {
  const credentials: Credential[] = []
  const notes: SignedUp['notes'] = {}
  for (const [id, answer] of Object.entries(request.answers)) {
    const method = engine.methods.get(id)
    const enrolled = await enrol(engine, { method, account, answer, requester: request.requester })
    credentials.push(enrolled.credential)
    notes[id] = enrolled.notes
  }
  // An account with an address may begin without a credential: it signs in by a code sent there.
  if (credentials.length > 0 || hasAnyWayIn(engine, account, [])) return { credentials, notes }
  throw new Problem('invalid_fields', {
    detail: 'Give a password or another way to sign in',
    errors: engine.methods.list
      .filter((method) => method.enrol)
      .map(({ id }) => ({ field: `/${id}`, code: 'one_required', message: 'required' })),
  })
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
