import type { AccountId } from './id.ts'
import type { IdentifierKind } from './identifier.ts'
import type { Locale } from './locale.ts'

export const accountStates = ['active', 'disabled'] as const
export type AccountState = (typeof accountStates)[number]

/** What each may do is in `role.ts`. */
export const accountRoles = ['member', 'auditor', 'helpdesk', 'operator'] as const
export type AccountRole = (typeof accountRoles)[number]

export const accountKinds = ['person', 'service'] as const
export type AccountKind = (typeof accountKinds)[number]

/** A person or a service. Times are milliseconds since the epoch. */
export interface Account {
  id: AccountId
  kind: AccountKind
  state: AccountState
  role: AccountRole
  name: string | null
  locale: Locale
  /** The time zone of its mails (IANA), as its browser last said; null if it is not known. */
  zone: string | null
  /** Grows by one with each change; a change names the revision it was made from. */
  revision: number
  createdAt: number
  updatedAt: number
}

/** What a new account begins with. */
export const newAccountDefaults = {
  kind: 'person',
  state: 'active',
  role: 'member',
  zone: null,
  revision: 1,
} as const satisfies Partial<Account>

/** A name that an account can be found by. `value` is the normal form, `display` what the owner typed. */
export interface AccountIdentifier {
  accountId: AccountId
  kind: IdentifierKind
  value: string
  display: string
  verifiedAt: number | null
  /** Set where the owner has yet to say whether it is theirs; until then it counts as not verified. */
  suspendedAt: number | null
  /** Since when the account has it. */
  createdAt: number
}

export interface AccountWithIdentifiers extends Account {
  identifiers: AccountIdentifier[]
}

/** What the account has shown to be its own; undefined if it has not, or the owner has yet to say so. */
export const verifiedIdentifier = (
  { identifiers }: Pick<AccountWithIdentifiers, 'identifiers'>,
  kind: IdentifierKind,
): AccountIdentifier | undefined =>
  identifiers.find((one) => one.kind === kind && one.verifiedAt !== null && one.suspendedAt === null)

const nameLengthMax = 200

/** A name from another system, as one that is typed here may be; null if nothing is left of it. */
export function fittingName(name: string): string | null {
  const clean = name.replaceAll(/\p{Cc}+/gu, ' ').trim()
  return clean === '' ? null : [...clean].slice(0, nameLengthMax).join('')
}
