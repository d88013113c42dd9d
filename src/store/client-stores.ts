import type { Client } from '../domain/client.ts'
import type { Artifact, ClientGrant, Consent } from '../domain/grant.ts'
import type { AccountId, GrantId } from '../domain/id.ts'
import type { Page } from './page.ts'

export interface ClientStore {
  /** Throws UniqueViolation where its id is taken. */
  insert(client: Client): Promise<void>
  find(id: string): Promise<Client | undefined>
  list(page: Page<string>): Promise<Client[]>
  /** False where `revision` is no longer the current one. */
  update(change: Pick<Client, 'id' | 'revision' | 'metadata' | 'settings' | 'secrets'> & { now: number }): Promise<boolean>
  /** Takes its grants, consents and what it holds with it; their tokens are refused until `forgetAt`. */
  remove(removal: { id: string; now: number; forgetAt: number }): Promise<boolean>
}

export interface GrantStore {
  /** Inserts, or replaces what it allows. */
  put(grant: Omit<ClientGrant, 'endedAt'>): Promise<void>
  /** Undefined where it has ended, or, unless it is an offline one, the session it came from has. */
  find(grant: { id: GrantId; now: number; idleSince: number }): Promise<ClientGrant | undefined>
  listByAccount(grants: { accountId: AccountId; now: number; idleSince: number }): Promise<ClientGrant[]>
  /** With all that was issued under it. False where it had ended already. */
  end(end: { id: GrantId; now: number; forgetAt: number }): Promise<boolean>
  endAll(end: { accountId: AccountId; clientId: string; now: number; forgetAt: number }): Promise<number>
  purge(now: number): Promise<number>
}

/** That one client is to be told of an ended session (OIDC Back-Channel Logout). Stays when the account and the grant are gone. */
export interface LogoutNotice {
  grantId: GrantId
  clientId: string
  accountId: AccountId
  /** This one included. */
  tries: number
  createdAt: number
}

export interface LogoutStore {
  listDue(due: { now: number; limit: number }): Promise<GrantId[]>
  /** Takes one up until `nextAt`; undefined where another node has. */
  lease(lease: { grantId: GrantId; now: number; nextAt: number }): Promise<LogoutNotice | undefined>
  postpone(postpone: { grantId: GrantId; nextAt: number }): Promise<void>
  settle(grantId: GrantId): Promise<void>
}

export interface ArtifactStore {
  /** Inserts, or replaces. */
  put(artifact: Artifact): Promise<void>
  /** False where there is one of that id already. */
  insert(artifact: Artifact): Promise<boolean>
  find(artifact: { kind: string; idHash: string }): Promise<Artifact | undefined>
  findByUid(artifact: { kind: string; uid: string }): Promise<Artifact | undefined>
  findByUserCode(artifact: { kind: string; userCodeHash: string }): Promise<Artifact | undefined>
  /** Compare-and-swap: false where it was consumed before. */
  consume(artifact: { kind: string; idHash: string; now: number }): Promise<boolean>
  remove(artifact: { kind: string; idHash: string }): Promise<boolean>
  removeByGrant(artifact: { kind: string; grantId: string }): Promise<number>
  purge(now: number): Promise<number>
}

export interface ConsentStore {
  find(consent: { accountId: AccountId; clientId: string }): Promise<Consent | undefined>
  put(consent: Consent & { now: number }): Promise<void>
  listByAccount(accountId: AccountId): Promise<Consent[]>
  remove(consent: { accountId: AccountId; clientId: string }): Promise<boolean>
}
