import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential, NewCredential } from '../../domain/credential.ts'
import { type AccountId, type CredentialId, newCredentialId, newTicketId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Ticket } from '../../domain/ticket.ts'
import { UniqueViolation } from '../../store/database.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { Requester } from '../request-context.ts'
import { endResting, endSessionsIn } from '../sessions/revoke.ts'
import {
  beginOnce,
  type ChallengeKey,
  type Memo,
  openChallenge,
  spendChallenge,
  takeTry,
} from '../tickets/challenge.ts'
import { countedGuess } from './counted-guess.ts'
import { type Enrolled, enrolContext, enrolOf, evidenceOf, finishEnrolment, stamped } from './enrol.ts'
import type { CredentialNeeds, CredentialTransaction } from './needs.ts'
import { proveFormer } from './prove-former.ts'

const perKindMax = 20

interface Owner {
  account: AccountWithIdentifiers
  credentials: readonly Credential[]
  session: Session
  requester: Requester
}

export const enrolmentKey = (accountId: AccountId, { id }: MethodDefinition): ChallengeKey => ({
  purpose: 'enrolment',
  subject: `${accountId}/${id}`,
})

/** Begins the enrolment of a method. The caller has checked recent evidence. */
export async function beginEnrolment(
  engine: CredentialNeeds,
  {
    account,
    credentials,
    requester,
    method,
    asked = {},
    memo,
  }: Owner & { method: MethodDefinition; asked?: Record<string, unknown>; memo?: Memo },
): Promise<Record<string, unknown>> {
  const { begin } = enrolOf(method)
  if (!begin) return {}
  const credentialId = newCredentialId(engine)
  const id = newTicketId(engine)
  const about = { method, account, requester, credentialId, credentials, challengeId: id }
  const begun = await begin(enrolContext(engine, about), asked)
  const key = enrolmentKey(account.id, method)
  return beginOnce(engine, { key, begun, now: requester.now }, () =>
    engine.store.transaction(async (tx) => {
      const state = { credentialId, state: begun.state }
      const opened = {
        id,
        key,
        accountId: account.id,
        begun: { ...begun, state },
        isAnswerable: true,
        memo,
        now: requester.now,
      }
      await openChallenge(engine, tx, opened)
      if (begun.send) await sendMessage(engine, tx, begun.send)
    }),
  )
}

/**
 * Finishes an enrolment. A method of which an account has one replaces the former credential: that is asked
 * for if the method says so, and what rests on it ends. If it can be the only factor, all other sessions end
 * and this one is renewed. Throws `challenge_not_open`, what the method and `proveFormer` refuse with,
 * `conflict` if the credential belongs to an account already or the one before was changed meanwhile.
 */
export async function finishEnrolling(
  engine: CredentialNeeds,
  given: Owner & { method: MethodDefinition; answer: Record<string, unknown>; name: string | null },
): Promise<{ credential: Credential; notes: Record<string, unknown>; renewed: Session | null }> {
  const { account, credentials, requester, method, answer, name } = given
  const { now } = requester
  const former =
    enrolOf(method).holds === 'one' ? credentials.find(({ kind }) => kind === method.id) : undefined
  if (former) await proveFormer(engine, { ...given, former })
  const tried = enrolOf(method).begin
    ? await takeTry(engine, enrolmentKey(account.id, method), now)
    : undefined
  const opened = tried?.state as { credentialId: CredentialId; state: unknown } | undefined
  const credentialId = opened?.credentialId ?? newCredentialId(engine)
  const state = opened?.state ?? {}
  const enrolled = await countedGuess(engine, { method, account, requester, answer }, () =>
    finishEnrolment(engine, { method, account, requester, credentials, answer, credentialId, state }),
  )
  const credential = name === null ? enrolled.credential : { ...enrolled.credential, name }
  const renewed = await write(engine, { ...given, ...enrolled, credential, former, ticket: tried?.ticket })
  return { credential, notes: enrolled.notes, renewed }
}

/** Of a link ticket: an identity that an upstream provider proved, for one account. */
export interface ProvedIdentity {
  method: string
  credential: NewCredential
}

/** One is open for a browser. */
export const linkKey = (bindingHash: string): ChallengeKey => ({ purpose: 'link', subject: bindingHash })

/**
 * Adds the identity that was proved in this browser to the account that it was meant for. Throws
 * `challenge_not_open`, `answer_refused` for another account, `conflict` if an account has it already.
 */
export async function linkIdentity(
  engine: CredentialNeeds,
  given: Owner & { key: ChallengeKey },
): Promise<void> {
  const { account, requester, key } = given
  const { ticket, state } = await takeTry(engine, key, requester.now)
  if (ticket.accountId !== account.id) throw new Problem('answer_refused')
  const { method: id, credential: made } = state as ProvedIdentity
  const method = engine.methods.get(id)
  const credential = stamped({ method, account, requester, credentialId: newCredentialId(engine), made })
  await write(engine, { ...given, method, credential, proves: true, updates: [], former: undefined, ticket })
}

/** The new credential, what follows for the sessions, and the notice to the owner, in one transaction. */
async function write(
  engine: CredentialNeeds,
  given: Owner &
    Pick<Enrolled, 'credential' | 'proves' | 'updates'> & {
      method: MethodDefinition
      former: Credential | undefined
      ticket: Ticket | undefined
    },
): Promise<Session | null> {
  const { account, method, session, requester, credential, former, ticket } = given
  const { now } = requester
  const change = async (tx: CredentialTransaction): Promise<Session | null> => {
    if ((await tx.accounts.lockForUpdate(account.id)) !== 'active') throw new Problem('invalid_token')
    if (ticket) await spendChallenge(tx, ticket, now)
    if (former && !(await tx.credentials.removeRevision(former))) throw new Problem('conflict')
    if (!former) await refuseTooMany(tx, method, account.id)
    for (const update of given.updates)
      if (!(await tx.credentials.update(update, now))) throw new Problem('conflict')
    await tx.credentials.insert(credential)
    const renewed = await settleSessions(engine, tx, {
      session,
      method,
      credential,
      former,
      proves: given.proves,
      now,
    })
    await engine.audit.record(tx, {
      kind: former ? 'credential.reset' : 'credential.added',
      actor: account.id,
      subject: account.id,
      details: { method: method.id, credential: credential.id, source: requester.source },
    })
    await engine.notify(tx, {
      account,
      notice: former ? 'credential_changed' : 'credential_added',
      method: method.id,
      requester,
    })
    return renewed
  }
  const renewed = await engine.store.transaction(change).catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: 'This is set up already', cause: error })
      : error
  })
  if (former) await engine.revocations.poll()
  return renewed
}

/** Ends or renews the account's sessions. Returns this one if it was renewed. */
async function settleSessions(
  engine: CredentialNeeds,
  tx: CredentialTransaction,
  given: {
    session: Session
    method: MethodDefinition
    credential: Credential
    former: Credential | undefined
    proves: boolean
    now: number
  },
): Promise<Session | null> {
  const { session, method, credential, former, proves, now } = given
  const { id, accountId } = session
  const standing = session.evidence.filter(({ credentialId }) => credentialId !== former?.id)
  // A credential that was just set up counts as proved for the next change.
  const evidence = proves ? [...standing, evidenceOf(engine, credential, now)] : standing
  // Recovery codes alone sign no one in.
  if (former && method.canClaim.standsAlone) {
    await endSessionsIn(engine, tx, { accountId, except: id, ending: 'credential_changed', actor: accountId })
    const renewed = await tx.sessions.stepUp({ id, acr: session.acr, amr: session.amr, evidence, now })
    if (!renewed) throw new Problem('invalid_token')
    return renewed
  }
  if (former)
    await endResting(engine, tx, {
      accountId,
      credentialId: former.id,
      current: null,
      except: id,
      actor: accountId,
    })
  if (former || proves) await tx.sessions.setEvidence({ session, evidence })
  return null
}

async function refuseTooMany(
  tx: CredentialTransaction,
  method: MethodDefinition,
  accountId: AccountId,
): Promise<void> {
  const alike = (await tx.credentials.listByAccount(accountId)).filter(({ kind }) => kind === method.id)
  if (alike.length >= perKindMax)
    throw new Problem('conflict', { detail: `An account has at most ${perKindMax} of these` })
}
