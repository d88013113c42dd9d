import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { type AccountId, type CredentialId, newCredentialId, newTicketId } from '../../domain/id.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { UniqueViolation } from '../../store/database.ts'
import type { Aggregates } from '../../store/store.ts'
import { type ChallengeKey, openChallenge, spendChallenge, takeTry } from '../challenge.ts'
import type { Engine } from '../engine.ts'
import { enrolContext, enrolOf, evidenceOf, finishEnrolment } from '../enrol.ts'
import type { Requester } from '../requester.ts'
import { endSessionsIn } from '../revoke.ts'
import { sendMessage } from '../send-message.ts'
import { hasWayIn } from './way-in.ts'

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

/** Asks a method what setting it up takes. The caller has asked for evidence. */
export async function beginEnrolment(
  engine: Engine,
  { account, credentials, requester, method }: Owner & { method: MethodDefinition },
): Promise<Record<string, unknown>> {
  const { begin } = enrolOf(method)
  if (!begin) return {}
  const credentialId = newCredentialId(engine)
  const begun = await begin(enrolContext(engine, { method, account, requester, credentialId, credentials }))
  await engine.store.transaction(async (tx) => {
    const state = { credentialId, state: begun.state }
    await openChallenge(engine, tx, { id: newTicketId(engine), key: enrolmentKey(account.id, method), begun: { ...begun, state } })
    if (begun.send) await sendMessage(engine, tx, begun.send)
  })
  return begun.challenge
}

/**
 * Sets a method up. One that an account has once takes the place of the one before, which signs the other devices out.
 * Throws `challenge_not_open`, what the method refuses with, `conflict` where the credential belongs to somebody already.
 */
export async function finishEnrolling(
  engine: Engine,
  given: Owner & { method: MethodDefinition; answer: Record<string, unknown>; name: string | null },
): Promise<{ credential: Credential; notes: Record<string, unknown> }> {
  const { account, credentials, requester, method, answer, session, name } = given
  const tried = enrolOf(method).begin ? await takeTry(engine, enrolmentKey(account.id, method)) : undefined
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
  const isWayIn = method.canClaim.standsAlone
  const ended = await engine.store
    .transaction(async (tx) => {
      if ((await tx.accounts.hold(account.id)) !== 'active') throw new Problem('invalid_token')
      if (tried) await spendChallenge(engine, tx, tried.ticket)
      const replaced = await makeRoom(tx, method, account.id)
      for (const update of enrolled.updates) if (!(await tx.credentials.update(update, engine.clock.now()))) throw new Problem('conflict')
      await tx.credentials.insert(credential)
      // Whoever knew the old one may be signed in with it; saved codes are no way in by themselves.
      const end = { accountId: account.id, except: session.id, ending: 'credential_changed', actor: account.id } as const
      const signedOut = replaced > 0 && isWayIn ? await endSessionsIn(engine, tx, end) : 0
      // Whoever has just set it up need not prove it again for the next change.
      if (enrolled.proves) await tx.sessions.addEvidence({ session, evidence: evidenceOf(engine, credential) })
      await engine.audit.record(tx, {
        kind: replaced > 0 ? 'credential.reset' : 'credential.added',
        actor: account.id,
        subject: account.id,
        details: { method: method.id, credential: credential.id, source: requester.source },
      })
      await engine.notify(tx, { account, notice: replaced > 0 ? 'credential_changed' : 'credential_added', method: method.id, requester })
      return signedOut
    })
    .catch((error) => {
      throw error instanceof UniqueViolation ? new Problem('conflict', { detail: 'This is set up already', cause: error }) : error
    })
  if (ended > 0) await engine.revocations.poll()
  return { credential, notes: enrolled.notes }
}

async function makeRoom(tx: Aggregates, method: MethodDefinition, accountId: AccountId): Promise<number> {
  if (enrolOf(method).holds === 'one') return tx.credentials.removeKind(accountId, method.id)
  const alike = (await tx.credentials.listByAccount(accountId)).filter(({ kind }) => kind === method.id)
  if (alike.length >= perKindMax) throw new Problem('conflict', { detail: `An account has at most ${perKindMax} of these` })
  return 0
}

/** Throws `not_found`. */
export async function renameCredential(
  engine: Engine,
  given: { account: AccountWithIdentifiers; id: CredentialId; name: string | null },
): Promise<void> {
  const { account, id, name } = given
  await engine.store.transaction(async (tx) => {
    if (!(await tx.credentials.rename({ id, accountId: account.id, name }))) throw new Problem('not_found')
    await engine.audit.record(tx, { kind: 'credential.renamed', actor: account.id, subject: account.id, details: { credential: id } })
  })
}

/** Throws `not_found`, and `last_way_in` where nothing would be left to sign in with. */
export async function removeCredential(
  engine: Engine,
  { account, id, requester }: Pick<Owner, 'account' | 'requester'> & { id: CredentialId },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    await tx.accounts.hold(account.id) // two removals at once must not each leave the other's
    const all = await tx.credentials.listByAccount(account.id)
    const removed = all.find((credential) => credential.id === id)
    if (!removed) throw new Problem('not_found')
    const left = all.filter((credential) => credential !== removed)
    if (!hasWayIn(engine, account, left) && hasWayIn(engine, account, all)) throw new Problem('last_way_in')
    await tx.credentials.remove(removed)
    const details = { method: removed.kind, credential: id, source: requester.source }
    await engine.audit.record(tx, { kind: 'credential.removed', actor: account.id, subject: account.id, details })
    await engine.notify(tx, { account, notice: 'credential_removed', method: removed.kind, requester })
  })
}
