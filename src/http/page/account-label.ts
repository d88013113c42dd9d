import type { AccountWithIdentifiers } from '../../domain/account.ts'

/** How an account is named on a page: its first identifier, which tells accounts apart. */
export const nameOf = ({ identifiers, name, id }: AccountWithIdentifiers): string =>
  identifiers[0]?.display ?? name ?? id
