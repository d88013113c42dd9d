import { hashSecret } from '../../crypto/equal.ts'
import type { AccountRole, AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { UniqueViolation } from '../../store/database.ts'
import { draftAccount, identifierTaken, type NewAccount, normaliseAll } from '../accounts/new-account.ts'
import { type Free, withoutTaken } from '../accounts/taken-address.ts'
import { enrol, evidenceOf } from '../credentials/enrol.ts'
import { hasAnyWayIn } from '../credentials/remaining-sign-in-methods.ts'
import { readInvitation } from '../organisations/invitations.ts'
import type { Requester } from '../request-context.ts'
import { type TokenPair, tokensFor } from '../sessions/issue-tokens.ts'
import { draftAttempt, plainRequest } from '../sign-in/open-attempt.ts'
import type { SignUpNeeds, SignUpTransaction } from './needs.ts'
import { saveNewAccount } from './save-new-account.ts'

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
  const given = checkSignUp(engine, request)
  await engine.rateLimits.admitSignUp(request.requester.source)
  const draft = draftAccount(engine, request, given)
  const { requester, invitation } = request
  // Before the costly hash; the unique index decides in the end.
  const free = await withoutTaken(engine, {
    account: draft,
    identifiers: given,
    requester,
  })
  const { credentials, notes } = await enrolAll(engine, { account: draft, request })
  const opened = draftAttempt(engine, {
    purpose: 'sign-in',
    request: plainRequest,
    requester,
    browser: null,
  })
  const save = async (free: Free) => {
    const { session } = await saveNewAccount(engine, {
      ...free,
      credentials,
      requester,
      evidence: credentials.map((credential) => evidenceOf(engine, credential, requester.now)),
      attempt: { ...opened, purpose: 'sign-up', expiresAt: requester.now },
      async first(tx) {
        if (invitation !== undefined) {
          const { identifiers } = free
          free.account.role = await spendInvitation(engine, tx, { invitation, identifiers, requester })
        }
      },
      store: (tx, attempt) => tx.attempts.insert(attempt),
    })
    return { account: free.account, session }
  }
  const { account, session } = await save(free).catch(async (error: unknown) => {
    if (!(error instanceof UniqueViolation)) throw error
    // Another sign-up took a name meanwhile.
    return save(await withoutTaken(engine, { account: draft, identifiers: given, requester })).catch(
      identifierTaken,
    )
  })
  return { account, tokens: tokensFor(engine, session, requester.now), session, notes }
}

/**
 * What can be said of a sign-up before anything is looked up. Throws `sign_up_closed`, `invitation_required`,
 * `invalid_fields`.
 */
export function checkSignUp(
  engine: SignUpNeeds,
  request: Pick<SignUp, 'identifiers' | 'invitation' | 'requester'>,
): NormalIdentifier[] {
  const isInvited = request.invitation !== undefined
  if (engine.settings.signUp === 'closed' && !isInvited) throw new Problem('sign_up_closed')
  if (engine.settings.signUp === 'invite' && !isInvited) throw new Problem('invitation_required')
  return normaliseAll(engine, request)
}

/**
 * The role that it gives. An organisation's invitation is used up when its user joins; until then it lets the
 * owner of the invited address sign up. Throws `invitation_required`.
 */
export async function spendInvitation(
  engine: SignUpNeeds,
  tx: SignUpTransaction,
  given: { invitation: string; identifiers: readonly NormalIdentifier[]; requester: Requester },
): Promise<AccountRole> {
  const { invitation, identifiers } = given
  const { now } = given.requester
  const secretHash = hashSecret(invitation)
  const invited = await readInvitation(engine, invitation, tx)
  if (invited && identifiers.some(({ value }) => value === invited.invitation.value)) return 'member'
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
