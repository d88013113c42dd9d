import type { RefreshTokens } from '../crypto/refresh-token.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { SessionCookies } from '../crypto/session-cookie.ts'
import type { Brand } from '../domain/brand.ts'
import type { Clock } from '../domain/clock.ts'
import type { PolicyDocument } from '../domain/policy-document.ts'
import type { Random } from '../domain/random.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'
import type { Store } from '../store/store.ts'
import type { AuditTrail } from './audit/audit-log.ts'
import type { ClientCache } from './clients/client-cache.ts'
import type { SlowestHash } from './credentials/slowest-hash.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { Rations } from './limits/rate-limits.ts'
import type { Throttle } from './limits/sign-in-throttle.ts'
import type { Notify } from './messages/notice.ts'
import type { MethodHost } from './method-host.ts'
import type { Authenticator } from './sessions/authenticate-token.ts'
import type { RevocationFeed } from './sessions/revocation-feed.ts'
import type { StatusNumbers } from './sessions/status-list-indexes.ts'

export const signUpModes = ['open', 'invite', 'closed'] as const
export type SignUpMode = (typeof signUpModes)[number]

/** What the engine is told once, at the start. Durations say their unit. */
export interface EngineSettings {
  issuer: string
  audience: string
  signUp: SignUpMode
  /** What a stranger is told who signs up with an address that somebody has. */
  takenAddress: 'quiet' | 'say'
  phoneCountry: string | null
  /** Whether e-mail addresses may be at hosts without a dot. */
  localHosts: boolean
  signingAlgorithm: SigningAlgorithm
  signingKeyDays: number
  /** Null: the audit log is kept for ever. */
  auditDays: number | null
  accessTokenSeconds: number
  sessionDays: number
  sessionIdleDays: number
  refreshGraceSeconds: number
  policy: PolicyDocument
  /** What people call this server. */
  siteName: string
  /** How pages look. */
  brand: Brand
  clientNetwork: 'public' | 'any'
}

/** Everything the verbs of this folder work with. `server.ts` makes it; nothing else does. */
export interface Engine {
  settings: EngineSettings
  store: Store
  clock: Clock
  /** How far ahead this machine's own time is of the one that counts, in milliseconds. */
  clockOffset(): number
  random: Random
  sealer: Sealer
  refreshTokens: RefreshTokens
  sessionCookies: SessionCookies
  keyRing: KeyRing
  methods: MethodHost
  revocations: RevocationFeed
  statuses: StatusNumbers
  clientCache: ClientCache
  authenticator: Authenticator
  throttle: Throttle
  slowestHash: SlowestHash
  rations: Rations
  audit: AuditTrail
  /** Tells the owner, wherever the account can be reached, in the caller's transaction. */
  notify: Notify
  delivery: Delivery
  observe: Observer
}

/** What carries messages out; told that there is one. */
export interface Delivery {
  wake(): void
}

/** Told of what happened, for metrics and logs; must not throw. */
export interface Observer {
  signIn(method: string, outcome: 'succeeded' | 'refused' | 'throttled' | 'more_evidence_required'): void
  backgroundFailure(task: string, error: unknown): void
}

export const daysToMilliseconds = (days: number): number => days * 86_400_000
