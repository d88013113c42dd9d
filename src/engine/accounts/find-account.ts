import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { type AccountId, decoyAccountId } from '../../domain/id.ts'
import { type IdentifierKind, identifierKindOf, normaliseIdentifier } from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import type { Some } from '../../store/store.ts'
import type { AccountNeeds } from './needs.ts'
import { readingRules } from './reading-rules.ts'

interface FindNeeds {
  store: Some<'accounts' | 'credentials'>
}

/** The account of an attempt; undefined if no account has the name. */
export interface Subject {
  account: AccountWithIdentifiers | undefined
  credentials: Credential[]
}

export type Name = { kind: IdentifierKind; value: string }

/** What was typed, as a name that an account could have. */
export function normalName(
  engine: Pick<AccountNeeds, 'settings'>,
  text: string,
  locale: Locale,
): Name | undefined {
  const kind = identifierKindOf(text)
  const normal = normaliseIdentifier(kind, text, readingRules(engine, locale))
  return normal.ok ? { kind, value: normal.identifier.value } : undefined
}

/** Unknown names cost the same queries, against timing (CWE-208). */
export async function findByName(engine: FindNeeds, name: Name | null | undefined): Promise<Subject> {
  const { accounts, credentials } = engine.store
  const account = name && (await accounts.findByIdentifier(name.kind, name.value))
  if (account) return { account, credentials: await credentials.listByAccount(account.id) }
  await accounts.find(decoyAccountId)
  return { account: undefined, credentials: await credentials.listByAccount(decoyAccountId) }
}

export async function findById(engine: FindNeeds, id: AccountId): Promise<Subject> {
  const account = await engine.store.accounts.find(id)
  return { account, credentials: account ? await engine.store.credentials.listByAccount(id) : [] }
}

/** The account of the evidence, or else of the typed name. */
export const attemptSubject = (
  engine: FindNeeds,
  { accountId, hint }: Pick<Attempt, 'accountId' | 'hint'>,
): Promise<Subject> => (accountId ? findById(engine, accountId) : findByName(engine, hint))
