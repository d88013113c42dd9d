import type { Account, AccountIdentifier, AccountRole, AccountState, AccountWithIdentifiers, Locale } from '../domain/account.ts'
import type { Assurance } from '../domain/assurance.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { Credential, CredentialUpdate } from '../domain/credential.ts'
import type { Evidence } from '../domain/evidence.ts'
import type { AccountId, AttemptId, CredentialId, OutboxId, SessionId, TicketId } from '../domain/id.ts'
import type { IdentifierKind, NormalIdentifier } from '../domain/identifier.ts'
import type { Session, SessionEnding } from '../domain/session.ts'
import type { SigningKey } from '../domain/signing-key.ts'
import type { Ticket, TicketPurpose } from '../domain/ticket.ts'
import type { ArtifactStore, ClientStore, ConsentStore, GrantStore, LogoutStore } from './client-stores.ts'
import type { EventStore } from './event-store.ts'
import type { Page } from './page.ts'

/** What is kept, by aggregate. Every call that must be atomic is one statement or stands in `transaction`. */
export interface Aggregates {
  accounts: AccountStore
  identifiers: IdentifierStore
  credentials: CredentialStore
  sessions: SessionStore
  attempts: AttemptStore
  tickets: TicketStore
  outbox: OutboxStore
  signingKeys: SigningKeyStore
  events: EventStore
  throttles: ThrottleStore
  facts: FactStore
  clients: ClientStore
  grants: GrantStore
  logouts: LogoutStore
  artifacts: ArtifactStore
  consents: ConsentStore
  revocations: RevocationStore
  counters: CounterStore
}

export interface Store extends Aggregates {
  readonly engine: 'sqlite' | 'postgres'
  /** All or nothing; only calls on `tx` inside. */
  transaction<Result>(work: (tx: Aggregates) => Promise<Result>): Promise<Result>
  /** Throws `Problem('database_unavailable')` where it cannot be reached, or cannot be written. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface AccountStore {
  /** Throws UniqueViolation where an identifier, or a username that looks like it, is taken. */
  insert(account: Account, identifiers: readonly NormalIdentifier[]): Promise<void>
  find(id: AccountId): Promise<AccountWithIdentifiers | undefined>
  findByIdentifier(kind: IdentifierKind, value: string): Promise<AccountWithIdentifiers | undefined>
  list(filter: Page<AccountId> & { state: AccountState | null; role: AccountRole | null }): Promise<AccountWithIdentifiers[]>
  /** False where `revision` is no longer the current one. */
  update(change: { id: AccountId; revision: number; name: string | null; locale: Locale; now: number }): Promise<boolean>
  /** Holds the account as it is until the transaction ends. Undefined where it is gone. */
  hold(id: AccountId): Promise<AccountState | undefined>
  /** Empties what its owner chose to be called. */
  forgetProfile(account: { id: AccountId; now: number }): Promise<void>
  /** False where it was in that state already, or is not there. */
  setState(change: { id: AccountId; state: AccountState; now: number }): Promise<boolean>
  /** Takes its identifiers, credentials, sessions and attempts with it. */
  delete(id: AccountId): Promise<boolean>
  /** Those with a name or an identifier that begins so, to the letter. */
  search(beginning: { text: string; limit: number }): Promise<AccountWithIdentifiers[]>
  /** False where it has that role already, or is not there. */
  setRole(change: { id: AccountId; role: AccountRole; now: number }): Promise<boolean>
  countOperators(state: AccountState): Promise<number>
  /** Holds off everybody else who wants to change who is operator, until the transaction ends. */
  lockOperators(now: number): Promise<void>
}

export interface IdentifierStore {
  list(accountId: AccountId): Promise<AccountIdentifier[]>
  /** Throws UniqueViolation where somebody has it, or the account has one of its kind. */
  put(row: { accountId: AccountId; identifier: NormalIdentifier; verifiedAt: number | null; createdAt: number }): Promise<void>
  /** False where it was verified already, or is no longer the account's. */
  verify(identifier: { accountId: AccountId; kind: IdentifierKind; value: string; now: number }): Promise<boolean>
  remove(identifier: { accountId: AccountId; kind: IdentifierKind }): Promise<boolean>
  /** All but those of one kind. */
  removeOthers(keep: { accountId: AccountId; kind: IdentifierKind }): Promise<number>
  /** Takes a name from an account that never showed that it is its own. */
  removeUnverified(name: { kind: IdentifierKind; value: string; except: AccountId }): Promise<boolean>
  /** What was added after a moment counts for nothing until its owner says that it is theirs. Returns how many. */
  suspendSince(suspend: { accountId: AccountId; since: number; now: number }): Promise<number>
}

export interface CredentialStore {
  /** Throws UniqueViolation where its lookup is taken. */
  insert(credential: Credential): Promise<void>
  listByAccount(accountId: AccountId): Promise<Credential[]>
  findByLookup(kind: string, lookup: string): Promise<Credential | undefined>
  /** False where `revision` is no longer the current one. */
  update(update: CredentialUpdate, now: number): Promise<boolean>
  /**
   * Ends its row of failures. False where it is gone or suspended, or disabled by now; from a known place a right answer brings a disabled
   * one back.
   */
  markUsed(used: { id: CredentialId; isKnownPlace: boolean; now: number }): Promise<boolean>
  rename(change: { id: CredentialId; accountId: AccountId; name: string | null }): Promise<boolean>
  /** Counts for all of the account's credentials of that kind, since a wrong answer does not say which was meant; disables those that reach `disableAt`. */
  countFailure(failure: {
    accountId: AccountId
    kind: string
    disableAt: number
    now: number
  }): Promise<{ id: CredentialId; failures: number; disabledAt: number | null }[]>
  /** Brings the disabled ones back. */
  enable(accountId: AccountId): Promise<number>
  remove(credential: { id: CredentialId; accountId: AccountId }): Promise<boolean>
  /** False where it is no longer of that revision. */
  removeRevision(credential: { id: CredentialId; accountId: AccountId; revision: number }): Promise<boolean>
  removeKind(accountId: AccountId, kind: string): Promise<number>
  /** What was set up after a moment proves nothing until its owner says that it is theirs. Returns how many. */
  suspendSince(suspend: { accountId: AccountId; since: number; now: number }): Promise<number>
  /** It is the owner's own, and counts again. False where it was not suspended. */
  confirm(credential: { id: CredentialId; accountId: AccountId }): Promise<boolean>
  removeAll(accountId: AccountId): Promise<number>
}

export type Rotation = { outcome: 'rotated'; session: Session } | { outcome: 'not_current' }

export interface SessionStore {
  insert(session: Session): Promise<void>
  find(id: SessionId): Promise<Session | undefined>
  listByAccount(accountId: AccountId, filter: Page<SessionId> & { now: number }): Promise<Session[]>
  /** Holds a live session of an active account until the transaction ends: what it authorises is written, or it has ended. */
  hold(session: { id: SessionId; now: number; idleSince: number }): Promise<boolean>
  /** Notes that it is in use; seldom, since it is a write. */
  touch(touch: { id: SessionId; now: number; before: number }): Promise<void>
  /** Compare-and-swap: only the token of the current turn of a live session of an active account moves it on. */
  rotate(turn: { id: SessionId; counter: number; now: number; idleSince: number }): Promise<Rotation>
  /** New evidence for a live session, and the next turn of its refresh token. Undefined where it has ended. */
  raise(to: { id: SessionId; acr: Assurance; amr: string[]; evidence: Evidence[]; now: number }): Promise<Session | undefined>
  /** What it has proved from now on, and nothing else of it changes. Lost where its evidence changed meanwhile. */
  setEvidence(change: { session: Pick<Session, 'id' | 'evidence'>; evidence: Evidence[] }): Promise<void>
  /** Whether the account was signed in on this device before. */
  hasDevice(device: { accountId: AccountId; device: string }): Promise<boolean>
  /** The same, or from this address. */
  hasPlace(place: { accountId: AccountId; device: string; source: string }): Promise<boolean>
  /**
   * False where it had ended already, or is not that account's. Its access tokens are refused until `forgetAt`. `offline`: what becomes of
   * grants of `offline_access` that were given in it.
   */
  end(end: {
    id: SessionId
    accountId: AccountId
    ending: SessionEnding
    offline: 'ends' | 'stays'
    now: number
    forgetAt: number
  }): Promise<boolean>
  /** Of a program's key, with this scope; the newest. */
  findOfKey(key: { accountId: AccountId; credentialId: CredentialId; scope: string; now: number }): Promise<Session | undefined>
  /** Those in which this credential was proved, but one. */
  listResting(resting: { accountId: AccountId; credentialId: CredentialId; except: SessionId | null; now: number }): Promise<SessionId[]>
  /** All but one, and every grant of `offline_access`. */
  endAll(end: { accountId: AccountId; except: SessionId | null; ending: SessionEnding; now: number; forgetAt: number }): Promise<number>
  /** After a restore: every session of everybody. Those refreshed since may have left access tokens that are still good. */
  endEverybody(end: { ending: SessionEnding; refreshedSince: number; now: number; forgetAt: number }): Promise<number>
  /** Some of those that have run out; in a transaction, since their clients are told. */
  purgeBatch(batch: { now: number; rows: number }): Promise<number>
}

export interface AttemptStore {
  insert(attempt: Attempt): Promise<void>
  find(id: AttemptId): Promise<Attempt | undefined>
  /** Holds it as it is until the transaction ends. Undefined where it is over. */
  hold(attempt: { id: AttemptId; now: number }): Promise<Attempt | undefined>
  save(attempt: Attempt): Promise<void>
  /** Those of an account in which something was proved are over. */
  closeOfAccount(close: { accountId: AccountId; now: number }): Promise<number>
  /** From now on only the cookie holds it. */
  bindToCookie(attempt: { id: AttemptId; bindingHash: string }): Promise<void>
  /** Those in which an account proved something, oldest first. */
  list(page: Page<AttemptId> & { since: number }): Promise<Attempt[]>
  purge(old: { before: number; emptyBefore: number }): Promise<number>
}

export interface TicketStore {
  /** Throws UniqueViolation where there is an open challenge of that subject. */
  insert(ticket: Ticket): Promise<void>
  /** Single use: undefined where it is unknown, late, spent, or for another purpose. */
  spend(ticket: { secretHash: string; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  /** False where it is late or spent. */
  spendById(ticket: { id: TicketId; now: number }): Promise<boolean>
  /** Looks without spending. */
  findGood(ticket: { secretHash: string; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  findById(ticket: { id: TicketId; purpose: TicketPurpose; now: number }): Promise<Ticket | undefined>
  findOpen(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket | undefined>
  /** Open ones of one purpose and subject, oldest first. */
  listOpen(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket[]>
  /** Takes one of its tries. Undefined where there is none left. */
  takeTry(ticket: { purpose: TicketPurpose; subject: string; now: number }): Promise<Ticket | undefined>
  /** False where somebody changed or spent it meanwhile. */
  changeState(change: { id: TicketId; state: string; formerState: string; now: number }): Promise<boolean>
  /** Open tickets of this purpose and subject become worthless. */
  withdraw(ticket: { purpose: TicketPurpose; subject: string | null; now: number }): Promise<number>
  /** The same for what was sent to an account: challenges, or everything that is under way. */
  withdrawOfAccount(ticket: { accountId: AccountId; what: 'challenges' | 'everything'; now: number }): Promise<number>
  purge(before: number): Promise<number>
}

export interface OutboxEntry {
  id: OutboxId
  channel: string
  messageSealed: string
  /** This one included. */
  tries: number
  createdAt: number
}

export interface OutboxStore {
  insert(entry: { id: OutboxId; channel: string; state: 'waiting' | 'decoy'; messageSealed: string; now: number }): Promise<void>
  listDue(due: { now: number; limit: number }): Promise<OutboxId[]>
  /** Takes one up until `leasedUntil`. Undefined where another has. */
  lease(lease: { id: OutboxId; now: number; leasedUntil: number }): Promise<OutboxEntry | undefined>
  settle(settle: { id: OutboxId; state: 'sent' | 'failed'; error: string | null; now: number }): Promise<void>
  postpone(postpone: { id: OutboxId; nextAt: number; error: string }): Promise<void>
  countWaiting(): Promise<number>
  purge(before: number): Promise<number>
}

export interface SigningKeyStore {
  /** All that are not retired, oldest first. */
  listLive(): Promise<SigningKey[]>
  listAll(limit: number): Promise<SigningKey[]>
  /** False where there is one in that state already. */
  insert(key: SigningKey): Promise<boolean>
  /**
   * Current becomes previous and next becomes current; false where either is not that any more. The caller's transaction must then be undone:
   * half of it may have been written.
   */
  rotate(turn: { currentKid: string; nextKid: string; now: number }): Promise<boolean>
  retire(turn: { previousBefore: number }): Promise<number>
  /** It signs and verifies nothing any more. False where it does not already, or is current. */
  revoke(kid: string): Promise<boolean>
}

export interface ThrottleState {
  key: string
  failures: number
  inFlight: number
  freeAt: number
  provedAt: number | null
}

export interface ThrottleStore {
  find(key: string): Promise<ThrottleState | undefined>
  /** Takes a place before the answer is looked at; undefined where there is none: as many as failures are left of `freeFailures`, and past that one at a time. */
  take(take: { key: string; now: number; freeFailures: number }): Promise<ThrottleState | undefined>
  /** Past `freeFailures`, the key is held for a second, doubled with each failure. */
  settleFailure(settle: { key: string; now: number; freeFailures: number; delayMillisecondsMax: number }): Promise<void>
  settleSuccess(settle: { key: string; now: number }): Promise<void>
  /** Gives a place back with nothing learnt. */
  giveBack(key: string): Promise<void>
  /** A leaking bucket (GCRA): adds one where fewer than `burst` are in it; undefined where it is full. Returns when it will be empty. */
  pour(pour: { key: string; now: number; leakMilliseconds: number; burst: number }): Promise<{ freeAt: number } | undefined>
  /** Takes one back out of a bucket. */
  unpour(pour: { key: string; leakMilliseconds: number }): Promise<void>
  purge(old: { before: number; provedBefore: number }): Promise<number>
}

/** Small facts about this installation, one row each. */
export interface FactStore {
  find(name: string): Promise<string | undefined>
  /** The value that is there afterwards: the given one, or the one that was there first. */
  keepFirst(name: string, value: string): Promise<string>
  put(name: string, value: string): Promise<void>
  /** A number that only grows. */
  raise(name: string, value: number): Promise<void>
}

/** What is no longer honoured although its signature is good: a session, a grant, or one token by its `jti`. */
export interface Revocation {
  subject: string
  /** Where a service finds it: list and index, as in `s0/17`. */
  status: string | null
  forgetAt: number
}

/** Where a walk along the revocations has come to. */
export interface RevocationCursor {
  revokedAt: number
  subject: string
}

export interface RevocationStore {
  add(revocation: Revocation & { now: number }): Promise<void>
  /** Oldest first. */
  list(page: Page<RevocationCursor>): Promise<(Revocation & RevocationCursor)[]>
  purge(now: number): Promise<number>
}

export interface CounterStore {
  /** Takes the next `count` numbers for the caller alone; returns the first. */
  take(take: { name: string; count: number }): Promise<number>
}
