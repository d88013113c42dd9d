import { sha256 } from '../crypto/equal.ts'
import type { AccountRole, AccountWithIdentifiers, Locale } from '../domain/account.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { Credential } from '../domain/credential.ts'
import { newAccountId, newAttemptId, newCredentialId } from '../domain/id.ts'
import { type IdentifierKind, identifierKinds, type NormalIdentifier, normaliseIdentifier } from '../domain/identifier.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { decide } from '../domain/policy.ts'
import { type FieldFault, Problem } from '../domain/problem.ts'
import type { Session } from '../domain/session.ts'
import { UniqueViolation } from '../store/database.ts'
import type { Aggregates } from '../store/store.ts'
import type { Engine } from './engine.ts'
import { identifierFaultWords } from './identifier-words.ts'
import { newSession, type TokenPair, tokensFor } from './issue-tokens.ts'
import { wordsOf } from './method-host.ts'
import type { Requester } from './requester.ts'

export interface NewAccount {
  identifiers: Partial<Record<IdentifierKind, string>>
  name: string | null
  locale: Locale
}

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
  /** What methods had to say of the new credentials, by method id. */
  notes: Record<string, Record<string, unknown>>
}

/**
 * A new account with its first credential, signed in. Throws `sign_up_closed`, `invitation_required`, `invalid_fields`,
 * `identifier_taken`, what the method refuses with, `too_many_attempts`, `busy`.
 */
export async function signUp(engine: Engine, request: SignUp): Promise<SignedUp> {
  if (engine.settings.signUp === 'closed' && request.invitation === undefined) throw new Problem('sign_up_closed')
  if (engine.settings.signUp === 'invite' && request.invitation === undefined) throw new Problem('invitation_required')
  const identifiers = normaliseAll(engine, request)
  await engine.throttle.admitSignUp(request.requester.source)
  await refuseTaken(engine, identifiers)
  const account = draftAccount(engine, request, identifiers)
  const { credentials, notes } = await enrolAll(engine, { account, request })
  const session = await saveNewAccount(engine, { account, identifiers, credentials, request })
  return { account, tokens: tokensFor(engine, session), session, notes }
}

async function saveNewAccount(
  engine: Engine,
  given: { account: AccountWithIdentifiers; identifiers: NormalIdentifier[]; credentials: Credential[]; request: SignUp },
): Promise<Session> {
  const { account, identifiers, credentials, request } = given
  const { requester, invitation } = request
  const now = engine.clock.now()
  const evidence = credentials.map((credential) => {
    const method = engine.methods.get(credential.kind)
    return engine.methods.stamp({ method, credential, claims: method.canClaim, now })
  })
  const decision = decide(engine.settings.policy, { evidence, subject: engine.methods.subject(account, credentials), requestedAcr: null })
  if (decision.outcome !== 'satisfied') throw new Problem('more_evidence_required')
  const session = newSession(engine, { account, decision, requester, scope: undefined })
  const attempt: Attempt = {
    id: newAttemptId(engine),
    purpose: 'sign-up',
    state: 'done',
    accountId: account.id,
    requestedAcr: null,
    evidence,
    decision,
    source: requester.source,
    createdAt: now,
    expiresAt: now,
  }
  try {
    await engine.store.transaction(async (tx) => {
      if (invitation !== undefined) account.role = await spendInvitation(engine, tx, invitation)
      await insertAccount(tx, { account, identifiers, credentials })
      await tx.attempts.insert(attempt)
      await tx.sessions.insert(session)
      await engine.throttle.welcome(tx, { names: identifiers.map(({ value }) => value), source: requester.source })
      await engine.audit.record(tx, {
        kind: 'account.created',
        actor: account.id,
        subject: account.id,
        details: { source: requester.source, user_agent: requester.userAgent, role: account.role, session: session.id },
      })
    })
  } catch (error) {
    throw error instanceof UniqueViolation ? new Problem('identifier_taken', { cause: error }) : error
  }
  return session
}

/** Also for the operator's command line. The account, its names and its credentials, in the caller's transaction. */
export async function insertAccount(
  tx: Aggregates,
  given: { account: AccountWithIdentifiers; identifiers: readonly NormalIdentifier[]; credentials: readonly Credential[] },
): Promise<void> {
  const { identifiers: _, ...row } = given.account
  await tx.accounts.insert(row, given.identifiers)
  for (const credential of given.credentials) await tx.credentials.insert(credential)
}

async function spendInvitation(engine: Engine, tx: Aggregates, invitation: string): Promise<AccountRole> {
  const now = engine.clock.now()
  const secretHash = sha256(invitation).toString('base64url')
  if (await tx.tickets.spend({ secretHash, purpose: 'invitation', now })) return 'member'
  const ticket = await tx.tickets.spend({ secretHash, purpose: 'first-operator', now })
  if (!ticket) throw new Problem('invitation_required')
  await tx.accounts.lockOperators(now)
  if ((await tx.accounts.countOperators('active')) > 0) throw new Problem('invitation_required')
  return 'operator'
}

/** Throws `invalid_fields` with one fault a field, in the caller's language. */
export function normaliseAll(engine: Engine, { identifiers, requester }: Pick<SignUp, 'identifiers' | 'requester'>): NormalIdentifier[] {
  const faults: FieldFault[] = []
  const normal: NormalIdentifier[] = []
  for (const kind of identifierKinds) {
    const text = identifiers[kind]
    if (text === undefined) continue
    const result = normaliseIdentifier(kind, text, { phoneCountry: engine.settings.phoneCountry })
    if (result.ok) normal.push(result.identifier)
    else faults.push({ field: `/${kind}`, code: result.fault, message: identifierFaultWords(kind, result.fault, requester.locale) })
  }
  if (faults.length > 0) throw new Problem('invalid_fields', { errors: faults })
  if (normal.length === 0) {
    throw new Problem('invalid_fields', {
      detail: 'Give at least one of email, username and phone',
      errors: identifierKinds.map((kind) => ({
        field: `/${kind}`,
        code: 'one_required',
        message: identifierFaultWords(kind, 'one_required', requester.locale),
      })),
    })
  }
  return normal
}

/** Before the costly hash; the unique index decides in the end. */
async function refuseTaken(engine: Engine, identifiers: readonly NormalIdentifier[]): Promise<void> {
  for (const { kind, value } of identifiers) {
    if (await engine.store.accounts.findByIdentifier(kind, value))
      throw new Problem('identifier_taken', { errors: [{ field: `/${kind}`, code: 'taken', message: 'taken' }] })
  }
}

export function draftAccount(
  engine: Engine,
  { name, locale }: NewAccount,
  identifiers: readonly NormalIdentifier[],
  role: AccountRole = 'member',
): AccountWithIdentifiers {
  const id = newAccountId(engine)
  const now = engine.clock.now()
  return {
    id,
    state: 'active',
    role,
    name,
    locale,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    identifiers: identifiers.map(({ kind, value, display }) => ({ accountId: id, kind, value, display, verifiedAt: null })),
  }
}

async function enrolAll(
  engine: Engine,
  { account, request }: { account: AccountWithIdentifiers; request: SignUp },
): Promise<{ credentials: Credential[]; notes: SignedUp['notes'] }> {
  const credentials: Credential[] = []
  const notes: SignedUp['notes'] = {}
  for (const [id, answer] of Object.entries(request.answers)) {
    const method = engine.methods.get(id)
    const enrolled = await enrolOne(engine, { method, account, answer, requester: request.requester })
    credentials.push(enrolled.credential)
    notes[id] = enrolled.notes
  }
  if (credentials.length > 0) return { credentials, notes }
  throw new Problem('invalid_fields', {
    detail: 'Give something to sign in with',
    errors: engine.methods.list
      .filter((method) => method.enrol)
      .map(({ id }) => ({ field: `/${id}`, code: 'one_required', message: 'required' })),
  })
}

/** One new credential from a method, ready to be written. Throws `weak_password` with what the method says is wrong. */
export async function enrolOne(
  engine: Engine,
  given: { method: MethodDefinition; account: AccountWithIdentifiers; answer: Record<string, unknown>; requester: Requester },
): Promise<{ credential: Credential; notes: Record<string, unknown> }> {
  const { method, account, answer, requester } = given
  if (!method.enrol) throw new Error(`${method.id} cannot be enrolled`)
  const now = engine.clock.now()
  const ctx = engine.methods.context({ method, account, credentials: [], requester, now, ownWords: wordsOf(account) })
  const { state } = await method.enrol.begin(ctx)
  const result = await method.enrol.finish(ctx, state, answer)
  if (result.outcome === 'refused') throw new Problem('weak_password', { errors: result.errors, extensions: result.notes })
  const lookup = method.enrol.holds === 'one' ? account.id : result.credential.lookup
  return {
    credential: {
      ...result.credential,
      lookup,
      id: newCredentialId(engine),
      accountId: account.id,
      kind: method.id,
      revision: 1,
      createdAt: now,
      lastUsedAt: null,
    },
    notes: result.notes,
  }
}
