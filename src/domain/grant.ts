import type { AccountId, GrantId, OrganisationId, SessionId } from './id.ts'

/**
 * What one client may do in one session: tokens of it say `sid` = its id, and end with it or with the
 * session.
 */
export interface ClientGrant {
  id: GrantId
  sessionId: SessionId
  accountId: AccountId
  clientId: string
  /** Where its tokens' status is looked up: list and index, as in `s0/17`. */
  status: string
  /** The provider library's own description of what is granted. */
  payload: Record<string, unknown>
  /** Granted `offline_access`: it outlives its session. */
  isOffline: boolean
  createdAt: number
  expiresAt: number
  endedAt: number | null
  /** What its tokens name as `org_id`. */
  organisationId: OrganisationId | null
}

/** A code, refresh token, pushed request or the like; found by a hash, its content sealed. */
export interface Artifact {
  kind: string
  idHash: string
  payloadSealed: string
  grantId: string | null
  uid: string | null
  userCodeHash: string | null
  createdAt: number
  expiresAt: number
  consumedAt: number | null
}

/** What a user allowed a client, remembered over sessions. */
export interface Consent {
  accountId: AccountId
  clientId: string
  granted: ConsentScope
}

export interface ConsentScope {
  scopes: string[]
  claims: string[]
  /** By API. */
  resources: Record<string, string[]>
}

/** An application that a user has authorized or is signed in to. */
export interface Application {
  id: string
  name: string
  /** What it was allowed, and is not asked for again; empty for our own. */
  scopes: string[]
  /** In how many sessions it holds something now. */
  sessions: number
  /** It stays signed in when the browser that let it in is signed out. */
  offline: boolean
}
