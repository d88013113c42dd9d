import type { Assurance } from './assurance.ts'
import type { Evidence } from './evidence.ts'
import type { AccountId, OrganisationId, SessionId } from './id.ts'

export const sessionEndings = [
  'signed_out',
  'signed_out_elsewhere',
  'refresh_reuse',
  'account_disabled',
  'account_deleted',
  'password_reset',
  'credential_changed',
  'recovered',
  'account_claimed',
  'identifier_restored',
  'credential_removed',
  'upstream',
  'organisation',
  'operator',
  'restored',
] as const
export type SessionEnding = (typeof sessionEndings)[number]

/**
 * A signed-in device: one row for its whole life, however often it is refreshed. Times are milliseconds since
 * the epoch.
 */
export interface Session {
  id: SessionId
  accountId: AccountId
  clientId: string
  scope: string
  acr: Assurance
  amr: string[]
  authenticatedAt: number
  /** What was proved when it was signed in or last stepped up. */
  evidence: Evidence[]
  /** `recover`: the lost factors were not proved. `key`: of an API key; no user was authenticated. */
  origin: 'sign-in' | 'sign-up' | 'recover' | 'key'
  /** How often the refresh token was redeemed; the current one carries this number. */
  counter: number
  refreshedAt: number
  /** The last use of any kind: a refresh, a page, an application. At most an hour behind. */
  usedAt: number
  /** Tells devices of the account apart; a hash. */
  device: string
  userAgent: string | null
  source: string | null
  /**
   * Where its tokens' status is looked up: list and index, as in `s0/17`. Null in those from before there
   * were lists.
   */
  status: string | null
  createdAt: number
  expiresAt: number
  endedAt: number | null
  ending: SessionEnding | null
  /** What its tokens name as `org_id` and `org_roles`; a change of the roles ends the session. */
  organisationId: OrganisationId | null
  organisationRoles: readonly string[] | null
}

const day = 86_400_000

/**
 * The one rule for whether a session may still be used: not ended, not expired, not idle for too long. Times
 * in milliseconds.
 */
export const isLive = (
  { endedAt, expiresAt, usedAt, refreshedAt }: Session,
  { now, idleDays }: { now: number; idleDays: number },
): boolean => endedAt === null && expiresAt > now && Math.max(usedAt, refreshedAt) > now - idleDays * day

/** The client that `/login` and sign-up stand for, where no registered client asked. */
export const firstPartyClientId = 'sumun'
