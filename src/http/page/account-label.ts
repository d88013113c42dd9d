import type { AccountWithIdentifiers } from '../../domain/account.ts'

/** What somebody is called on a page: their first identifier, which tells accounts apart. */
export const nameOf = ({ identifiers, name, id }: AccountWithIdentifiers): string => identifiers[0]?.display ?? name ?? id
