import type { StoreOf } from '../../store/store.ts'
import type { KeyNeeds, KeySettings, KeyTables } from '../keys/needs.ts'
import type { OrganisationNeeds, OrganisationTables } from '../organisations/needs.ts'
import type { SessionNeeds, SessionSettings, SessionTables } from '../sessions/needs.ts'
import type { EngineSettings } from '../settings.ts'
import type { TicketNeeds, TicketSettings, TicketTables } from '../tickets/needs.ts'

export type OperationsTables =
  | KeyTables
  | TicketTables
  | SessionTables
  | OrganisationTables
  | 'artifacts'
  | 'installation'
export type OperationsSettings =
  | KeySettings
  | TicketSettings
  | SessionSettings
  | keyof OrganisationNeeds['settings']
  | 'auditDays'

/** What the background jobs, backup and restore use. */
export interface OperationsNeeds
  extends Omit<KeyNeeds, 'store' | 'settings'>,
    Omit<TicketNeeds, 'store' | 'settings'>,
    Omit<SessionNeeds, 'store' | 'settings'>,
    Omit<OrganisationNeeds, 'store' | 'settings'> {
  store: StoreOf<OperationsTables>
  settings: Pick<EngineSettings, OperationsSettings>
  observe: OperationsObserver
}

/** Told of what failed, for metrics and logs; must not throw. */
export interface OperationsObserver {
  backgroundFailure(task: string, error: unknown): void
  /** How many connections have a secret or certificate that expires within a month, or has. */
  secretsExpiring(count: number): void
}
