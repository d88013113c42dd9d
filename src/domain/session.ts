import type { AccountId, SessionId } from './id.ts'
import type { Assurance } from './policy.ts'

export const sessionEndings = [
  'signed_out',
  'signed_out_elsewhere',
  'refresh_reuse',
  'account_disabled',
  'account_deleted',
  'password_reset',
  'operator',
  'restored',
] as const
export type SessionEnding = (typeof sessionEndings)[number]

/** A signed-in device: one row for its whole life, however often it is refreshed. Times are milliseconds since the epoch. */
export interface Session {
  id: SessionId
  accountId: AccountId
  clientId: string
  scope: string
  acr: Assurance
  amr: string[]
  authenticatedAt: number
  /** How often the refresh token was redeemed; the current one carries this number. */
  counter: number
  refreshedAt: number
  userAgent: string | null
  source: string | null
  createdAt: number
  expiresAt: number
  endedAt: number | null
  ending: SessionEnding | null
}

/** The client that `/login` and sign-up stand for, where no registered client asked. */
export const firstPartyClientId = 'sumun'
