import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { Problem } from '../../domain/problem.ts'
import { claimAccount } from './claim-account.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'
import type { ProofContext } from './types.ts'

/**
 * Adds an identity to the account that has its address, since its connection owns the domain: the provider's
 * word counts as a proof of the address, and an account that never proved it is emptied first (ADR 10).
 * Throws `account_disabled`, and `answer_refused` if the address stays unverified: the account has a second
 * factor of another person.
 */
export async function joinAccount(
  engine: SignInNeeds,
  tx: SignInTransaction,
  given: ProofContext & { joins: AccountIdentifier },
): Promise<{ account: AccountWithIdentifiers; credentials: Credential[] }> {
  const { joins, proof, method, requester } = given
  if (!('credential' in proof.by)) throw new Error('only a credential joins')
  const { credential } = proof.by
  const { account, credentials } = await claimAccount(engine, tx, {
    ...given,
    proof: { ...proof, by: { identifier: joins } },
  })
  const isVerified = account.identifiers.some(
    ({ kind, value, verifiedAt }) => kind === joins.kind && value === joins.value && verifiedAt !== null,
  )
  if (account.state !== 'active') throw new Problem('account_disabled')
  if (!isVerified) throw new Problem('answer_refused')
  const added = { ...credential, lastUsedAt: requester.now }
  await tx.credentials.insert(added)
  const details = { method: method.id, credential: credential.id, source: requester.source, by: 'domain' }
  const about = { actor: account.id, subject: account.id }
  await engine.audit.record(tx, { kind: 'credential.added', ...about, details })
  await engine.notify(tx, { account, notice: 'credential_added', method: method.id, requester })
  return { account, credentials: [...credentials, added] }
}
