import type { AccountKind, AccountRole, AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { enrol, importCredential } from '../credentials/enrol.ts'
import type { Requester } from '../request-context.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'
import { draftAccount, identifierTaken, insertAccount, type NewAccount, normaliseAll } from './new-account.ts'

/** Its first credential: a new answer, or a hash of another system. */
export type FirstCredential = { method: string } & (
  | { answer: Record<string, unknown> }
  | { importedHash: string }
)

/**
 * An account made by an operator, of a person or of a service, whatever `SUMUN_SIGNUP` says, without signing
 * it in. Throws `invalid_fields`, `identifier_taken`, `weak_password`.
 */
export async function addAccount(
  engine: AccountNeeds,
  given: NewAccount & {
    kind: AccountKind
    role: AccountRole
    credential: FirstCredential | null
    requester: Requester
    actor: string
  },
): Promise<AccountWithIdentifiers> {
  const identifiers = normaliseAll(engine, given)
  const account = { ...draftAccount(engine, given, identifiers, given.role), kind: given.kind }
  const credentials = given.credential
    ? [await makeCredential(engine, account, { ...given, credential: given.credential })]
    : []
  const write = async (tx: AccountTransaction): Promise<void> => {
    await insertAccount(tx, { account, identifiers, credentials })
    if (account.role === 'operator')
      await tx.tickets.withdraw({ purpose: 'first-operator', subject: null, now: engine.clock.now() })
    await engine.audit.record(tx, {
      kind: 'account.created',
      actor: given.actor,
      subject: account.id,
      details: { role: account.role },
    })
  }
  await engine.store.transaction(write).catch(identifierTaken)
  return account
}

async function makeCredential(
  engine: AccountNeeds,
  account: AccountWithIdentifiers,
  { credential, requester }: { credential: FirstCredential; requester: Requester },
): Promise<Credential> {
  const method = engine.methods.get(credential.method)
  if ('importedHash' in credential)
    return importCredential(engine, { method, account, requester, importedHash: credential.importedHash })
  return (await enrol(engine, { method, account, requester, answer: credential.answer })).credential
}
