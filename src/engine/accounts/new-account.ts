import { type AccountRole, type AccountWithIdentifiers, newAccountDefaults } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { newAccountId } from '../../domain/id.ts'
import {
  type IdentifierKind,
  identifierKinds,
  type NormalIdentifier,
  normaliseIdentifier,
} from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import { type FieldFault, Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import { identifierFaultWords } from '../../words/identifiers.ts'
import type { Requester } from '../request-context.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'
import { readingRules } from './reading-rules.ts'

export interface NewAccount {
  identifiers: Partial<Record<IdentifierKind, string>>
  name: string | null
  locale: Locale
}

/** Throws `invalid_fields` with one fault a field, in the caller's language. */
export function normaliseAll(
  engine: AccountNeeds,
  { identifiers, requester }: { identifiers: NewAccount['identifiers']; requester: Requester },
): NormalIdentifier[] {
  const faults: FieldFault[] = []
  const normal: NormalIdentifier[] = []
  for (const kind of identifierKinds) {
    const text = identifiers[kind]
    if (text === undefined) continue
    const result = normaliseIdentifier(kind, text, readingRules(engine, requester.locale))
    if (result.ok) normal.push(result.identifier)
    else
      faults.push({
        field: `/${kind}`,
        code: result.fault,
        message: identifierFaultWords(kind, result.fault, requester.locale),
      })
  }
  if (faults.length > 0) throw new Problem('invalid_fields', { errors: faults })
  if (normal.length === 0) {
    throw new Problem('invalid_fields', {
      detail: 'Give at least one of email, username and phone',
      errors: identifierKinds.map((kind) => ({
        field: `/${kind}`,
        code: 'one_required',
        message: identifierFaultWords(kind, 'one_required', requester.locale),
      })),
    })
  }
  return normal
}

/** Maps a unique violation of identifiers. Throws `identifier_taken`, or the error it was given. */
export function identifierTaken(error: unknown): never {
  throw error instanceof UniqueViolation ? new Problem('identifier_taken', { cause: error }) : error
}

export function draftAccount(
  engine: AccountNeeds,
  { name, locale }: NewAccount,
  identifiers: readonly NormalIdentifier[],
  role: AccountRole = newAccountDefaults.role,
): AccountWithIdentifiers {
  const id = newAccountId(engine)
  const now = engine.clock.now()
  return {
    ...newAccountDefaults,
    id,
    role,
    name,
    locale,
    createdAt: now,
    updatedAt: now,
    identifiers: identifiers.map(({ kind, value, display }) => ({
      accountId: id,
      kind,
      value,
      display,
      verifiedAt: null,
      suspendedAt: null,
      createdAt: now,
    })),
  }
}

/** The account, its names and its credentials, in the caller's transaction. */
export async function insertAccount(
  tx: AccountTransaction,
  given: {
    account: AccountWithIdentifiers
    identifiers: readonly NormalIdentifier[]
    credentials: readonly Credential[]
  },
): Promise<void> {
  const { identifiers: _, ...row } = given.account
  await tx.accounts.insert(row, given.identifiers)
  for (const credential of given.credentials) await tx.credentials.insert(credential)
}
