import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { AccountId } from '../domain/id.ts'
import { identifierKindOf, normaliseIdentifier } from '../domain/identifier.ts'
import { Problem } from '../domain/problem.ts'
import { readingRules } from '../engine/accounts/reading-rules.ts'
import type { Engine } from '../engine/engine.ts'

/** By id or by any identifier. Throws `not_found`. */
export async function findAccount(engine: Engine, text: string): Promise<AccountWithIdentifiers> {
  const account = text.startsWith('acc_')
    ? await engine.store.accounts.find(text as AccountId)
    : await findByName(engine, text)
  if (!account) throw new Problem('not_found', { detail: `there is no account ${text}` })
  return account
}

async function findByName(engine: Engine, text: string): Promise<AccountWithIdentifiers | undefined> {
  const kind = identifierKindOf(text)
  const normal = normaliseIdentifier(kind, text, readingRules(engine, 'en'))
  return normal.ok ? engine.store.accounts.findByIdentifier(kind, normal.identifier.value) : undefined
}
