import type { RefreshTokens } from '../../crypto/refresh-token.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Random } from '../../domain/random.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { AuditTrail } from '../audit/audit-log.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Notify } from '../messages/notice.ts'
import type { MethodHost } from '../method-host.ts'
import type { EngineSettings } from '../settings.ts'
import type { RevocationFeed } from './revocation-feed.ts'
import type { StatusNumbers } from './status-list-indexes.ts'

export type SessionTables =
  | 'accounts'
  | 'attempts'
  | 'credentials'
  | 'events'
  | 'grants'
  | 'memberships'
  | 'organisations'
  | 'outbox'
  | 'revocations'
  | 'sessions'
  | 'throttles'
  | 'tickets'
export type SessionSettings =
  | 'accessTokenSeconds'
  | 'audience'
  | 'issuer'
  | 'policy'
  | 'refreshGraceSeconds'
  | 'sessionDays'
  | 'sessionIdleDays'
export type SessionTransaction = Some<SessionTables>

/** What beginning, refreshing and ending sessions uses. */
export interface SessionNeeds {
  store: StoreOf<SessionTables>
  settings: Pick<EngineSettings, SessionSettings>
  clock: Clock
  random: Random
  keyRing: KeyRing
  methods: MethodHost
  refreshTokens: RefreshTokens
  revocations: RevocationFeed
  statuses: StatusNumbers
  audit: AuditTrail
  /** Notifies the owner, in the caller's transaction. */
  notify: Notify
}
