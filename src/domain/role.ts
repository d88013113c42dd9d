import type { AccountRole } from './account.ts'

/** To administer this server; to look only; to help the users of ordinary accounts. */
export const adminScope = 'admin'
export const adminReadScope = 'admin:read'
export const adminHelpScope = 'admin:help'
export const adminScopes = [adminScope, adminReadScope, adminHelpScope] as const
export type AdminScope = (typeof adminScopes)[number]

const scopes: Readonly<Record<AccountRole, readonly AdminScope[]>> = {
  member: [],
  auditor: [adminReadScope],
  helpdesk: [adminHelpScope],
  operator: adminScopes,
}

/** What a role may be granted beside its own account. */
export const roleScopes = (role: AccountRole): readonly AdminScope[] => scopes[role]

/** Whether one of them is held. */
export const holdsAny = (held: readonly AdminScope[], needed: readonly AdminScope[]): boolean =>
  needed.some((scope) => held.includes(scope))

/** Whether a role may do more than others: its sign-in needs more, and helpers do not touch it. */
export const isAdministrative = (role: AccountRole): boolean => scopes[role].length > 0

/** What is done at an administrative route, and the scopes that each allow it. */
export const adminDeeds = {
  /** Looks at anything. */
  reads: [adminScope, adminReadScope],
  /** Changes anything. */
  changes: [adminScope],
  /** Looks at accounts. */
  finds: [adminScope, adminReadScope, adminHelpScope],
  /** Ends sessions, and removes what was lost. */
  helps: [adminScope, adminHelpScope],
} as const satisfies Record<string, readonly AdminScope[]>
export type AdminDeed = keyof typeof adminDeeds
