import type { AccountWithIdentifiers } from '../../../domain/account.ts'
import type { AccountId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import type { Engine } from '../../../engine/engine.ts'

/** Throws `not_found`. */
export async function accountOr404(engine: Engine, id: AccountId): Promise<AccountWithIdentifiers> {
  const account = await engine.store.accounts.find(id)
  if (!account) throw new Problem('not_found')
  return account
}
