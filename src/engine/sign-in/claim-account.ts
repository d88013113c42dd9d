import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { Evidence } from '../../domain/evidence.ts'
import { hasSecondFactor } from '../../domain/policy.ts'
import type { Requester } from '../request-context.ts'
import { endSessionsIn } from '../sessions/revoke.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'
import type { ProofContext } from './types.ts'

interface Claimed {
  account: AccountWithIdentifiers
  credentials: Credential[]
}

/**
 * The first proof of an address that was never verified, with nothing else of the account proved before. The
 * account may have been made by another person: everything they left is removed, so that the true owner of
 * the address gets a clean account (docs/adr/0010). An account with a second factor stays as it is: an
 * address does not bypass that.
 */
export async function claimAccount(
  engine: SignInNeeds,
  tx: SignInTransaction,
  {
    account,
    credentials,
    proof,
    attempt,
    requester,
  }: Pick<ProofContext, 'account' | 'credentials' | 'proof' | 'attempt' | 'requester'>,
): Promise<Claimed> {
  if (!('identifier' in proof.by) || attempt.evidence.length > 0) return { account, credentials }
  if (hasSecondFactor(engine.methods.subject(account, credentials).methods)) return { account, credentials }
  const { now } = requester
  const { kind, value } = proof.by.identifier
  if (!(await tx.identifiers.verify({ accountId: account.id, kind, value, now })))
    return { account, credentials }
  await recordVerified(engine, tx, { account, kind, requester })
  await endSessionsIn(engine, tx, {
    accountId: account.id,
    except: null,
    ending: 'account_claimed',
    actor: account.id,
  })
  await tx.credentials.removeAll(account.id)
  await tx.identifiers.removeOthers({ accountId: account.id, kind })
  await tx.accounts.forgetProfile({ id: account.id, now })
  const details = { kind, removed: credentials.length }
  await engine.audit.record(tx, { kind: 'account.claimed', actor: account.id, subject: account.id, details })
  const identifiers = account.identifiers
    .filter((identifier) => identifier.kind === kind)
    .map((own) => ({ ...own, verifiedAt: now }))
  return { account: { ...account, name: null, revision: account.revision + 1, identifiers }, credentials: [] }
}

/** A proof by an address verifies that address. */
export async function verifyProved(
  engine: SignInNeeds,
  tx: SignInTransaction,
  {
    account,
    evidence,
    requester,
  }: { account: AccountWithIdentifiers; evidence: readonly Evidence[]; requester: Requester },
): Promise<void> {
  for (const { identifier } of evidence) {
    if (
      !identifier ||
      account.identifiers.some(({ kind, verifiedAt }) => kind === identifier.kind && verifiedAt !== null)
    )
      continue
    const verified = await tx.identifiers.verify({ accountId: account.id, ...identifier, now: requester.now })
    if (verified) await recordVerified(engine, tx, { account, kind: identifier.kind, requester })
  }
}

const recordVerified = (
  engine: SignInNeeds,
  tx: SignInTransaction,
  { account, kind, requester }: { account: AccountWithIdentifiers; kind: string; requester: Requester },
): Promise<void> =>
  engine.audit.record(tx, {
    kind: 'identifier.verified',
    actor: account.id,
    subject: account.id,
    details: { kind, source: requester.source },
  })
