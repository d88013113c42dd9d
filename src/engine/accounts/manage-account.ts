import type { AccountRole, AccountState, AccountWithIdentifiers } from '../../domain/account.ts'
import type { AccountId, CredentialId } from '../../domain/id.ts'
import type { Locale } from '../../domain/locale.ts'
import { Problem } from '../../domain/problem.ts'
import type { SessionEnding } from '../../domain/session.ts'
import { unlinkUpstream } from '../connections/leave-upstream.ts'
import { enrol } from '../credentials/enrol.ts'
import { type Requester, systemRequester } from '../request-context.ts'
import { endSessionsIn } from '../sessions/revoke.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'

export interface ProfileChange {
  name?: string | null
  locale?: Locale
}

/** Throws `conflict` if the account has changed since `account` was read. */
export async function updateProfile(
  engine: AccountNeeds,
  {
    account,
    change,
    actor = account.id,
  }: { account: AccountWithIdentifiers; change: ProfileChange; actor?: string },
): Promise<AccountWithIdentifiers> {
  const name = change.name === undefined ? account.name : change.name
  const locale = change.locale ?? account.locale
  const now = engine.clock.now()
  await engine.store.transaction(async (tx) => {
    if (!(await tx.accounts.update({ id: account.id, revision: account.revision, name, locale, now })))
      throw new Problem('conflict')
    await engine.audit.record(tx, {
      kind: 'account.updated',
      actor,
      subject: account.id,
      details: { fields: Object.keys(change).join(' ') },
    })
  })
  return { ...account, name, locale, revision: account.revision + 1, updatedAt: now }
}

/**
 * Deletes the account and its data, and unlinks it where tokens were kept for that. Its audit lines stay,
 * without personal data. Throws `not_found`, and `last_operator` if no operator would be left.
 */
export async function deleteAccount(
  engine: AccountNeeds,
  { id, actor, requester }: { id: AccountId; actor: string; requester: Requester },
): Promise<void> {
  const left = await engine.store.transaction(async (tx) => {
    await refuseLastOperator(tx, id, requester.now)
    const account = await tx.accounts.find(id)
    if (!account) throw new Problem('not_found')
    const credentials = await tx.credentials.listByAccount(id)
    await engine.notify(tx, { account, notice: 'account_deleted', requester })
    await endSessionsIn(engine, tx, { accountId: id, except: null, ending: 'account_deleted', actor })
    if (!(await tx.accounts.delete(id))) throw new Problem('not_found')
    await tx.events.forget(id)
    await engine.audit.record(tx, { kind: 'account.deleted', actor, subject: id, isTraced: false })
    return credentials
  })
  await engine.revocations.poll()
  await Promise.all(left.map((credential) => unlinkUpstream(engine, credential, requester.now)))
}

/**
 * Disabling ends every session. False if it was in that state already. Throws `not_found`,
 * `last_operator`.
 */
export async function setAccountState(
  engine: AccountNeeds,
  { id, state, actor }: { id: AccountId; state: AccountState; actor: string },
): Promise<boolean> {
  const changed = await engine.store.transaction(async (tx) => {
    if (!(await tx.accounts.find(id))) throw new Problem('not_found')
    if (state === 'disabled') await refuseLastOperator(tx, id, engine.clock.now())
    const moved = await tx.accounts.setState({ id, state, now: engine.clock.now() })
    if (state === 'disabled')
      await endSessionsIn(engine, tx, { accountId: id, except: null, ending: 'account_disabled', actor })
    if (moved)
      await engine.audit.record(tx, {
        kind: state === 'disabled' ? 'account.disabled' : 'account.enabled',
        actor,
        subject: id,
      })
    return moved
  })
  await engine.revocations.poll()
  return changed
}

/**
 * Changing the role ends all sessions, since tokens carry its scopes. False if the account has that role
 * already. Throws `not_found`, `last_operator`.
 */
export async function setAccountRole(
  engine: AccountNeeds,
  { id, role, actor }: { id: AccountId; role: AccountRole; actor: string },
): Promise<boolean> {
  const changed = await engine.store.transaction(async (tx) => {
    if (!(await tx.accounts.find(id))) throw new Problem('not_found')
    if (role !== 'operator') await refuseLastOperator(tx, id, engine.clock.now())
    if (!(await tx.accounts.setRole({ id, role, now: engine.clock.now() }))) return false
    await endSessionsIn(engine, tx, { accountId: id, except: null, ending: 'operator', actor })
    await engine.audit.record(tx, { kind: 'account.role_changed', actor, subject: id, details: { role } })
    return true
  })
  await engine.revocations.poll()
  return changed
}

/** Replaces the credentials of a method, and ends every session except `keep`. */
export async function replaceCredential(
  engine: AccountNeeds,
  given: {
    account: AccountWithIdentifiers
    method: string
    answer: Record<string, unknown>
    requester: Requester
    actor: string
    ending: SessionEnding
  },
): Promise<Record<string, unknown>> {
  const { account, actor, ending, requester } = given
  const method = engine.methods.get(given.method)
  const { credential, notes } = await enrol(engine, { method, account, answer: given.answer, requester })
  await engine.store.transaction(async (tx) => {
    // In the order in which a sign-in takes them: the account, then the credential.
    await endSessionsIn(engine, tx, { accountId: account.id, except: null, ending, actor })
    await tx.credentials.removeKind(account.id, method.id)
    await tx.credentials.insert(credential)
    await engine.audit.record(tx, {
      kind: 'credential.reset',
      actor,
      subject: account.id,
      details: { method: method.id },
    })
    await engine.notify(tx, { account, notice: 'credential_changed', method: method.id, requester })
  })
  await engine.revocations.poll()
  return notes
}

/** Removes a credential for an operator, even the last one, and ends all sessions. Throws `not_found`. */
export async function dropCredential(
  engine: AccountNeeds,
  { account, id, actor }: { account: AccountWithIdentifiers; id: CredentialId; actor: string },
): Promise<void> {
  const removed = await engine.store.transaction(async (tx) => {
    await endSessionsIn(engine, tx, { accountId: account.id, except: null, ending: 'operator', actor })
    const credential = (await tx.credentials.listByAccount(account.id)).find((one) => one.id === id)
    if (!credential || !(await tx.credentials.remove(credential)))
      throw new Problem('not_found', { detail: `the account has no credential ${id}` })
    const details = { method: credential.kind, credential: id }
    await engine.audit.record(tx, { kind: 'credential.removed', actor, subject: account.id, details })
    await engine.notify(tx, {
      account,
      notice: 'credential_removed',
      method: credential.kind,
      requester: systemRequester(engine),
    })
    return credential
  })
  await engine.revocations.poll()
  await unlinkUpstream(engine, removed, engine.clock.now())
}

async function refuseLastOperator(tx: AccountTransaction, id: AccountId, now: number): Promise<void> {
  const account = await tx.accounts.find(id)
  if (account?.role !== 'operator' || account.state !== 'active') return
  await tx.accounts.lockOperators(now)
  if ((await tx.accounts.countOperators('active')) <= 1) throw new Problem('last_operator')
}
