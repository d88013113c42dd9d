import type { Sealer } from '../../crypto/seal.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Random } from '../../domain/random.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { AuditTrail } from '../audit/audit-log.ts'
import type { EngineSettings } from '../settings.ts'
import type { KeyRing } from './key-ring.ts'

export type KeyTables = 'events' | 'signingKeys'
export type KeySettings = 'accessTokenSeconds' | 'signingAlgorithm' | 'signingKeyDays'
export type KeyTransaction = Some<KeyTables>

/** What making and rotating signing keys uses. */
export interface KeyNeeds {
  store: StoreOf<KeyTables>
  settings: Pick<EngineSettings, KeySettings>
  clock: Clock
  random: Random
  sealer: Sealer
  keyRing: KeyRing
  audit: AuditTrail
}
