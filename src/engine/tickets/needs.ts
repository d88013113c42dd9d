import type { Sealer } from '../../crypto/seal.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Random } from '../../domain/random.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { AuditTrail } from '../audit/audit-log.ts'
import type { EngineSettings } from '../settings.ts'

export type TicketTables = 'events' | 'tickets'
export type TicketSettings = 'issuer'
export type TicketTransaction = Some<TicketTables>

/** What issuing and spending tickets uses. */
export interface TicketNeeds {
  store: StoreOf<TicketTables>
  settings: Pick<EngineSettings, TicketSettings>
  clock: Clock
  random: Random
  sealer: Sealer
  audit: AuditTrail
}
