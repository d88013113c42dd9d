import type { AccountId, CredentialId, GrantId, OrganisationId, SessionId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { type AdminScope, adminScope, holdsAny, isAdministrative, roleScopes } from '../../domain/role.ts'
import { liveness } from './live-session.ts'
import type { SessionNeeds, SessionTransaction } from './needs.ts'

/**
 * What authorises a write: the owner's session, an operator's session, the grant of an application, or the
 * key of a program.
 */
export type Authority =
  | { owner: { accountId: AccountId; sessionId: SessionId } }
  | { operator: Operating }
  | { organisationAdmin: Administering }
  | { grant: { accountId: AccountId; grantId: GrantId } }
  | { key: { accountId: AccountId; credentialId: CredentialId } }

interface Operating {
  accountId: AccountId
  sessionId: SessionId
  /** What the account's role must still allow: one of them. */
  scopes: readonly AdminScope[]
  /** For a helper: the account that is helped, which must be an ordinary one. */
  helped: AccountId | null
}

interface Administering {
  accountId: AccountId
  sessionId: SessionId
  organisationId: OrganisationId
}

/**
 * Wraps the store for a caller: each transaction first locks what authorises it, so that nothing is written
 * for a session that has ended, or a key that was removed, since the request came. Its transactions throw
 * `invalid_token`.
 */
export function actingUnder<Needs extends SessionNeeds>(engine: Needs, authority: Authority): Needs {
  const transaction: SessionNeeds['store']['transaction'] = (work) =>
    engine.store.transaction(async (tx) => {
      await lockAuthority(engine, tx, authority)
      return work(tx)
    })
  return { ...engine, store: { ...engine.store, transaction } }
}

// An owner's account is locked first, as everywhere; an operator's own is only read.
async function lockAuthority(
  engine: SessionNeeds,
  tx: SessionTransaction,
  authority: Authority,
): Promise<void> {
  if ('key' in authority) {
    const { accountId, credentialId } = authority.key
    const state = await tx.accounts.lockForUpdate(accountId)
    const key = (await tx.credentials.listByAccount(accountId)).find(({ id }) => id === credentialId)
    if (state !== 'active' || !key || key.suspendedAt !== null)
      throw new Problem('invalid_token', { cause: 'key' })
    return
  }
  if ('grant' in authority) {
    const { accountId, grantId } = authority.grant
    const state = await tx.accounts.lockForUpdate(accountId)
    const grant = await tx.grants.find({ id: grantId, ...liveness(engine) })
    if (state !== 'active' || !grant) throw new Problem('invalid_token', { cause: 'grant' })
    return
  }
  const { accountId, sessionId } =
    'owner' in authority
      ? authority.owner
      : 'operator' in authority
        ? authority.operator
        : authority.organisationAdmin
  if ('owner' in authority) await tx.accounts.lockForUpdate(accountId)
  if (!(await tx.sessions.lockForUpdate({ id: sessionId, ...liveness(engine) })))
    throw new Problem('invalid_token', { cause: 'session' })
  if ('operator' in authority) await checkOperating(tx, authority.operator)
  if ('organisationAdmin' in authority) await checkAdministering(tx, authority.organisationAdmin)
}

async function checkAdministering(
  tx: SessionTransaction,
  { accountId, organisationId }: Administering,
): Promise<void> {
  await tx.organisations.lockForUpdate(organisationId) // the role stays what it is until this is over
  const membership = await tx.memberships.find({ organisationId, accountId })
  if (!membership?.isAdmin) throw new Problem('not_found')
}

async function checkOperating(
  tx: SessionTransaction,
  { accountId, scopes, helped }: Operating,
): Promise<void> {
  const own = await tx.accounts.find(accountId)
  if (!own || !holdsAny(roleScopes(own.role), scopes))
    throw new Problem('invalid_token', { cause: 'no_operator' })
  if (helped === null) return
  await tx.accounts.lockForUpdate(helped) // its role stays what it is until this is over
  const other = await tx.accounts.find(helped)
  if (other && isAdministrative(other.role))
    throw new Problem('insufficient_scope', { extensions: { scope: adminScope } })
}
