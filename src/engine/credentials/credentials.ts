import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { CredentialId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Requester } from '../request-context.ts'
import { endResting } from '../sessions/revoke.ts'
import type { CredentialNeeds } from './needs.ts'
import { hasOpenWayIn, hasWayIn } from './remaining-sign-in-methods.ts'

interface Owner {
  account: AccountWithIdentifiers
  session: Session
  requester: Requester
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
 * Removes a credential and ends what rests on it; this session continues without that evidence. Returns the
 * removed one. Throws `not_found`, and `last_way_in` if no way to sign in would be left.
 */
export async function removeCredential(
  engine: CredentialNeeds,
  { account, id, requester, session }: Owner & { id: CredentialId },
): Promise<Credential> {
  const { ended, removed } = await engine.store.transaction(async (tx) => {
    await tx.accounts.lockForUpdate(account.id) // two removals at once must not each leave the other's
    const all = await tx.credentials.listByAccount(account.id)
    const removed = all.find((credential) => credential.id === id)
    if (!removed) throw new Problem('not_found')
    const left = all.filter((credential) => credential !== removed)
    if (hasWayIn(engine, account, all) && !(await hasOpenWayIn(engine, tx, { account, left })))
      throw new Problem('last_way_in')
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
    return { ended: resting, removed }
  })
  if (ended > 0) await engine.revocations.poll()
  return removed
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
