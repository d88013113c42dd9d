import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Aggregates } from '../../store/store.ts'
import type { Concluding } from '../attempts/steps.ts'
import type { Engine } from '../engine.ts'
import { endSessionsIn } from '../revoke.ts'

/**
 * What control of an identifier does to it: it is verified from now on. Where it was not, and nothing else of the account was
 * proved before, whoever made the account may have been somebody else: all they left behind goes, so that the true
 * owner of the address gets a clean account (ATTACKS A.1). Returns the account as it is afterwards.
 */
export async function claimAccount(
  engine: Engine,
  tx: Aggregates,
  { account, credentials, proof, attempt, requester }: Pick<Concluding, 'account' | 'credentials' | 'proof' | 'attempt' | 'requester'>,
): Promise<{ account: AccountWithIdentifiers; credentials: Credential[] }> {
  if (!('identifier' in proof.by)) return { account, credentials }
  const now = engine.clock.now()
  const { kind, value } = proof.by.identifier
  if (!(await tx.identifiers.verify({ accountId: account.id, kind, value, now }))) return { account, credentials }
  const about = { actor: account.id, subject: account.id }
  await engine.audit.record(tx, { ...about, kind: 'identifier.verified', details: { kind, source: requester.source } })
  const identifiers = account.identifiers.map((identifier) => (identifier.kind === kind ? { ...identifier, verifiedAt: now } : identifier))
  if (attempt.evidence.length > 0) return { account: { ...account, identifiers }, credentials }
  await endSessionsIn(engine, tx, { accountId: account.id, except: null, ending: 'account_claimed', actor: account.id })
  await tx.credentials.removeAll(account.id)
  await tx.identifiers.removeOthers({ accountId: account.id, kind })
  await tx.accounts.forgetProfile({ id: account.id, now })
  await engine.audit.record(tx, { ...about, kind: 'account.claimed', details: { kind, removed: credentials.length } })
  return {
    account: {
      ...account,
      name: null,
      revision: account.revision + 1,
      identifiers: identifiers.filter((identifier) => identifier.kind === kind),
    },
    credentials: [],
  }
}
