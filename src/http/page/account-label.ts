import type { AccountWithIdentifiers } from '../../domain/account.ts'

/** An account's label on pages: its first identifier, which is unique. */
export const accountLabel = ({ identifiers, name, id }: AccountWithIdentifiers): string =>
  identifiers[0]?.display ?? name ?? id
