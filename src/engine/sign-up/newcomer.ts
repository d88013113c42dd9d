import type { AccountWithIdentifiers } from '../../domain/account.ts'
import { newCredentialId, newTicketId } from '../../domain/id.ts'
import { type NormalIdentifier, normaliseIdentifier } from '../../domain/identifier.ts'
import { hasSecondFactor } from '../../domain/policy.ts'
import { Problem } from '../../domain/problem.ts'
import { isAdministrative } from '../../domain/role.ts'
import { UniqueViolation } from '../../store/database.ts'
import { draftAccount } from '../accounts/new-account.ts'
import { readingRules } from '../accounts/reading-rules.ts'
import { type Free, withoutTaken } from '../accounts/taken-address.ts'
import { stamped } from '../credentials/enrol.ts'
import { linkKey } from '../credentials/enrolment.ts'
import { placeOf } from '../limits/known-place.ts'
import type { Admission } from '../limits/sign-in-throttle.ts'
import { syncMembership } from '../organisations/sync-membership.ts'
import { answerChallenge } from '../sign-in/answer-challenge.ts'
import { completeProof } from '../sign-in/complete-proof.ts'
import { withOffers } from '../sign-in/offers.ts'
import type { Answer, Newcomer, Outcome } from '../sign-in/types.ts'
import { openChallenge, spendChallenge } from '../tickets/challenge.ts'
import type { SignUpNeeds } from './needs.ts'
import { saveNewAccount } from './save-new-account.ts'
import { spendInvitation } from './sign-up.ts'

const linkSeconds = 900

/**
 * The answer of an upstream provider: a known identity signs in, an unknown one gets an account, if its
 * connection and this server allow that. Throws what answering throws, `sign_up_closed`,
 * `invitation_required`, and `account_exists` if an account has the address: nothing is joined to an account
 * by an address, unless the connection owns its domain.
 */
export const answerUpstream = (
  engine: SignUpNeeds,
  { invitation, ...given }: Answer & { invitation?: string | undefined },
): Promise<Outcome & { admission: Admission }> =>
  answerChallenge(engine, {
    ...given,
    ...(given.attempt.purpose === 'sign-in' && {
      welcome: (newcomer) => welcome(engine, { ...newcomer, invitation }),
    }),
  })

interface Invited extends Newcomer {
  invitation: string | undefined
}

async function welcome(engine: SignUpNeeds, newcomer: Invited): Promise<Outcome> {
  const { proof, requester } = newcomer
  const { external } = proof.by
  const email = addressOf(engine, newcomer)
  const holder =
    email && external.emailVerified && (await engine.store.accounts.findByIdentifier('email', email.value))
  if (holder) {
    const joined = external.ownsEmail && (await join(engine, newcomer, holder))
    if (joined) return joined
    await offerLink(engine, newcomer, holder)
    throw new Problem('account_exists')
  }
  refuseUnlessOpen(engine, newcomer)
  await engine.rateLimits.admitSignUp(requester.source)
  const save = async (): Promise<Outcome> =>
    saveNewcomer(engine, newcomer, await draft(engine, newcomer, email ? [email] : []))
  return save().catch((error) => {
    // Another sign-up took the address, or another answer the identity; the ticket is still open.
    if (!(error instanceof UniqueViolation)) throw error
    throw new Problem('conflict', { cause: error })
  })
}

/** Signs in to the account of an owned address. Undefined if that needs a further proof of its owner. */
async function join(
  engine: SignUpNeeds,
  newcomer: Newcomer,
  holder: AccountWithIdentifiers,
): Promise<Outcome | undefined> {
  const { method, proof, requester } = newcomer
  const credentials = await engine.store.credentials.listByAccount(holder.id)
  const joins = holder.identifiers.find(({ kind }) => kind === 'email')
  // An organisation's admin does not get at those who run this server.
  if (proof.by.external.connection.organisationId !== null && isAdministrative(holder.role)) return undefined
  const mayClaim = !hasSecondFactor(engine.methods.subject(holder, credentials).methods)
  if (!joins || joins.suspendedAt !== null || (joins.verifiedAt === null && !mayClaim)) return undefined
  const made = proof.by.external.credential
  const id = newCredentialId(engine)
  const credential = stamped({ method, account: holder, requester, credentialId: id, made })
  const place = await placeOf(engine, holder.id, requester)
  const outcome = await completeProof(engine, {
    ...newcomer,
    ...{ account: holder, credentials, joins },
    proof: { ...proof, by: { credential } },
    isKnownPlace: place.isKnown,
    isDeviceKnown: place.isDeviceKnown,
    status: await engine.statuses.next('session'),
  })
  return withOffers(engine, outcome, requester.locale)
}

/** What the provider says is not always an address. */
function addressOf(engine: SignUpNeeds, { proof, requester }: Newcomer): NormalIdentifier | undefined {
  const { email } = proof.by.external
  const normal =
    email === null ? undefined : normaliseIdentifier('email', email, readingRules(engine, requester.locale))
  return normal?.ok ? normal.identifier : undefined
}

/** The deployment's setting is the upper bound of what a connection may; an invitation opens either. */
function refuseUnlessOpen({ settings: { signUp } }: SignUpNeeds, { proof, invitation }: Invited): void {
  const { connection, ownsEmail } = proof.by.external
  const { newAccounts, organisationId } = connection
  if (newAccounts === 'never') throw new Problem('sign_up_closed')
  // Its own people come in also where sign-up is closed; it vouches for no one else.
  if (organisationId !== null && ownsEmail && newAccounts === 'create') return
  if (organisationId !== null && !ownsEmail) throw new Problem('sign_up_closed')
  if (invitation !== undefined) return
  if (signUp === 'closed') throw new Problem('sign_up_closed')
  if (signUp === 'invite' || newAccounts === 'invite') throw new Problem('invitation_required')
}

/** An unverified address is treated as at sign-up: a taken one is not revealed (account enumeration). */
async function draft(
  engine: SignUpNeeds,
  { proof, requester }: Newcomer,
  identifiers: NormalIdentifier[],
): Promise<Free> {
  const { name, emailVerified } = proof.by.external
  const profile = { name, locale: requester.locale, identifiers: {} }
  const account = draftAccount(engine, profile, identifiers)
  if (identifiers.length === 0 || emailVerified) return { account, identifiers, holders: [] }
  return withoutTaken(engine, { account, identifiers, requester }).catch((error) => {
    if (!(error instanceof Problem) || error.code !== 'identifier_taken') throw error
    return { account: draftAccount(engine, profile, []), identifiers: [], holders: [] }
  })
}

async function saveNewcomer(engine: SignUpNeeds, newcomer: Invited, free: Free): Promise<Outcome> {
  const { attempt: opened, method, requester, proof, ticket, admission, invitation } = newcomer
  const { connection, credential: made, emailVerified } = proof.by.external
  const { account } = free
  const credential = stamped({ method, account, requester, credentialId: newCredentialId(engine), made })
  const { now } = requester
  const evidence = [
    engine.methods.stamp({ method, proof: { claims: proof.claims, by: { credential } }, now }),
  ]
  const { session, attempt } = await saveNewAccount(engine, {
    ...free,
    credentials: [{ ...credential, lastUsedAt: now }],
    evidence,
    requester,
    attempt: opened,
    async first(tx) {
      const held = await tx.attempts.lockForUpdate({ id: opened.id, now })
      if (!held || held.accountId !== null) throw new Problem('attempt_over')
      if (ticket) await spendChallenge(tx, ticket, now)
      if (invitation !== undefined) {
        const { identifiers } = free
        account.role = await spendInvitation(engine, tx, { invitation, identifiers, requester })
      }
      await admission.succeeded(tx)
    },
    async store(tx, ended) {
      await tx.attempts.save(ended)
      const { membership } = proof
      if (membership) await syncMembership(engine, tx, { accountId: account.id, membership })
    },
    isVerified: emailVerified,
    details: { connection: connection.slug },
  })
  engine.observe.signIn(method.id, 'succeeded')
  return { status: 'done', attempt, session, notes: {} }
}

/** Kept for this browser, until its user has proved the account that has the address. */
async function offerLink(
  engine: SignUpNeeds,
  { attempt, method, proof, requester }: Newcomer,
  { id: accountId, identifiers }: AccountWithIdentifiers,
): Promise<void> {
  if (attempt.bindingHash === '') return
  const { connection, credential } = proof.by.external
  const address = identifiers.find(({ kind }) => kind === 'email')?.display ?? ''
  const key = linkKey(attempt.bindingHash)
  const write = engine.store.transaction((tx) =>
    openChallenge(engine, tx, {
      id: newTicketId(engine),
      key,
      accountId,
      begun: {
        challenge: { connection: connection.slug, address },
        state: { method: method.id, credential },
        expiresInSeconds: linkSeconds,
      },
      isAnswerable: true,
      now: requester.now,
    }),
  )
  // Two answers at once: one of them stands.
  await write.catch((error) => {
    if (!(error instanceof UniqueViolation)) throw error
  })
}
