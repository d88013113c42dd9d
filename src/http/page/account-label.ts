import type { AccountWithIdentifiers } from '../../domain/account.ts'

/** An account's label on pages: its first identifier, which is unique. */
export const accountLabel = ({ identifiers, name, id }: AccountWithIdentifiers): string =>
  identifiers[0]?.display ?? name ?? id

/** The same, beside what the user is called. */
export const namesOf = (account: AccountWithIdentifiers): { name: string; label: string } => ({
  name: accountLabel(account),
  label: account.name ?? accountLabel(account),
})
