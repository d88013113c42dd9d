import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { type AccountId, type CredentialId, newCredentialId, newTicketId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { UniqueViolation } from '../../store/database.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { Requester } from '../request-context.ts'
import { endResting, endSessionsIn } from '../sessions/revoke.ts'
import { beginOnce, type ChallengeKey, openChallenge, spendChallenge, takeTry } from '../tickets/challenge.ts'
import { enrolContext, enrolOf, evidenceOf, finishEnrolment } from './enrol.ts'
import type { CredentialNeeds, CredentialTransaction } from './needs.ts'
import { proveFormer } from './prove-former.ts'
import { hasWayIn } from './remaining-sign-in-methods.ts'

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
  { account, credentials, requester, method }: Owner & { method: MethodDefinition },
): Promise<Record<string, unknown>> {
  const { begin } = enrolOf(method)
  if (!begin) return {}
  const credentialId = newCredentialId(engine)
  const begun = await begin(enrolContext(engine, { method, account, requester, credentialId, credentials }))
  const key = enrolmentKey(account.id, method)
  return beginOnce(engine, { key, begun, now: requester.now }, () =>
    engine.store.transaction(async (tx) => {
      const state = { credentialId, state: begun.state }
      const opened = {
        id: newTicketId(engine),
        key,
        accountId: account.id,
        begun: { ...begun, state },
        isAnswerable: true,
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
  const { account, credentials, requester, method, answer, session, name } = given
  const { now } = requester
  const former =
    enrolOf(method).holds === 'one' ? credentials.find(({ kind }) => kind === method.id) : undefined
  if (former) await proveFormer(engine, { ...given, former })
  const tried = enrolOf(method).begin
    ? await takeTry(engine, enrolmentKey(account.id, method), now)
    : undefined
  const opened = tried?.state as { credentialId: CredentialId; state: unknown } | undefined
  const credentialId = opened?.credentialId ?? newCredentialId(engine)
  const enrolled = await finishEnrolment(engine, {
    method,
    account,
    requester,
    credentials,
    answer,
    credentialId,
    state: opened?.state ?? {},
  })
  const credential = name === null ? enrolled.credential : { ...enrolled.credential, name }
  const write = async (tx: CredentialTransaction): Promise<Session | null> => {
    if ((await tx.accounts.lockForUpdate(account.id)) !== 'active') throw new Problem('invalid_token')
    if (tried) await spendChallenge(tx, tried.ticket, now)
    if (former && !(await tx.credentials.removeRevision(former))) throw new Problem('conflict')
    if (!former) await refuseTooMany(tx, method, account.id)
    for (const update of enrolled.updates)
      if (!(await tx.credentials.update(update, now))) throw new Problem('conflict')
    await tx.credentials.insert(credential)
    const renewed = await settleSessions(engine, tx, {
      session,
      method,
      credential,
      former,
      proves: enrolled.proves,
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
  const renewed = await engine.store.transaction(write).catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: 'This is set up already', cause: error })
      : error
  })
  if (former) await engine.revocations.poll()
  return { credential, notes: enrolled.notes, renewed }
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

/** Throws `not_found`. */
export async function renameCredential(
  engine: CredentialNeeds,
  given: { account: AccountWithIdentifiers; id: CredentialId; name: string | null },
): Promise<void> {
  const { account, id, name } = given
  await engine.store.transaction(async (tx) => {
    if (!(await tx.credentials.rename({ id, accountId: account.id, name }))) throw new Problem('not_found')
    await engine.audit.record(tx, {
      kind: 'credential.renamed',
      actor: account.id,
      subject: account.id,
      details: { credential: id },
    })
  })
}

/**
 * Removes a credential and ends what rests on it; this session continues without that evidence. Throws
 * `not_found`, and `last_way_in` if no way to sign in would be left.
 */
export async function removeCredential(
  engine: CredentialNeeds,
  {
    account,
    id,
    requester,
    session,
  }: Pick<Owner, 'account' | 'requester' | 'session'> & { id: CredentialId },
): Promise<void> {
  const ended = await engine.store.transaction(async (tx) => {
    await tx.accounts.lockForUpdate(account.id) // two removals at once must not each leave the other's
    const all = await tx.credentials.listByAccount(account.id)
    const removed = all.find((credential) => credential.id === id)
    if (!removed) throw new Problem('not_found')
    const left = all.filter((credential) => credential !== removed)
    if (!hasWayIn(engine, account, left) && hasWayIn(engine, account, all)) throw new Problem('last_way_in')
    await tx.credentials.remove(removed)
    const resting = await endResting(engine, tx, {
      accountId: account.id,
      credentialId: id,
      current: session,
      except: session.id,
      actor: account.id,
    })
    const details = { method: removed.kind, credential: id, source: requester.source }
    await engine.audit.record(tx, {
      kind: 'credential.removed',
      actor: account.id,
      subject: account.id,
      details,
    })
    await engine.notify(tx, { account, notice: 'credential_removed', method: removed.kind, requester })
    return resting
  })
  if (ended > 0) await engine.revocations.poll()
}

/** The owner confirms a suspended credential. Throws `not_found` if none is suspended. */
export async function confirmCredential(
  engine: CredentialNeeds,
  { account, id, requester }: Pick<Owner, 'account' | 'requester'> & { id: CredentialId },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const credential = (await tx.credentials.listByAccount(account.id)).find((one) => one.id === id)
    if (!credential || !(await tx.credentials.confirm(credential))) throw new Problem('not_found')
    const details = { method: credential.kind, credential: id, source: requester.source }
    await engine.audit.record(tx, {
      kind: 'credential.confirmed',
      actor: account.id,
      subject: account.id,
      details,
    })
    await engine.notify(tx, { account, notice: 'credential_added', method: credential.kind, requester })
  })
}
