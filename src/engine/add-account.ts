import type { AccountRole, AccountWithIdentifiers } from '../domain/account.ts'
import type { Credential } from '../domain/credential.ts'
import { newCredentialId } from '../domain/id.ts'
import { Problem } from '../domain/problem.ts'
import { UniqueViolation } from '../store/database.ts'
import type { Engine } from './engine.ts'
import type { Requester } from './requester.ts'
import { draftAccount, enrolOne, insertAccount, type NewAccount, normaliseAll } from './sign-up.ts'

/** What it signs in with: a new answer, or what another system kept of an old one. */
export type FirstCredential = { method: string } & ({ answer: Record<string, unknown> } | { foreign: string })

/**
 * An account made by an operator, whatever `SUMUN_SIGNUP` says, without signing it in. Throws `invalid_fields`,
 * `identifier_taken`, `weak_password`.
 */
export async function addAccount(
  engine: Engine,
  given: NewAccount & { role: AccountRole; credential: FirstCredential; requester: Requester; actor: string },
): Promise<AccountWithIdentifiers> {
  const identifiers = normaliseAll(engine, given)
  const account = draftAccount(engine, given, identifiers, given.role)
  const credential = await makeCredential(engine, account, given)
  try {
    await engine.store.transaction(async (tx) => {
      await insertAccount(tx, { account, identifiers, credentials: [credential] })
      if (account.role === 'operator') await tx.tickets.withdraw({ purpose: 'first-operator', subject: null, now: engine.clock.now() })
      await engine.audit.record(tx, { kind: 'account.created', actor: given.actor, subject: account.id, details: { role: account.role } })
    })
  } catch (error) {
    throw error instanceof UniqueViolation ? new Problem('identifier_taken', { cause: error }) : error
  }
  return account
}

async function makeCredential(
  engine: Engine,
  account: AccountWithIdentifiers,
  { credential, requester }: { credential: FirstCredential; requester: Requester },
): Promise<Credential> {
  const method = engine.methods.get(credential.method)
  if ('answer' in credential) return (await enrolOne(engine, { method, account, answer: credential.answer, requester })).credential
  const now = engine.clock.now()
  const ctx = engine.methods.context({ method, account, credentials: [], requester, now })
  const adopted = method.enrol?.adopt?.(ctx, credential.foreign)
  if (!adopted) throw new Problem('invalid_fields', { detail: `${method.id} does not know this kind of hash` })
  const lookup = method.enrol?.holds === 'one' ? account.id : adopted.lookup
  return {
    ...adopted,
    lookup,
    id: newCredentialId(engine),
    accountId: account.id,
    kind: method.id,
    revision: 1,
    createdAt: now,
    lastUsedAt: null,
  }
}
