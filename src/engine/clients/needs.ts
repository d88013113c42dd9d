import type { Some, StoreOf } from '../../store/store.ts'
import type { SessionNeeds, SessionSettings, SessionTables } from '../sessions/needs.ts'
import type { EngineSettings } from '../settings.ts'
import type { ClientCache } from './client-cache.ts'

export type ClientTables = SessionTables | 'clients' | 'consents'
export type ClientSettings = SessionSettings
export type ClientTransaction = Some<ClientTables>

/** What registering clients and ending their grants uses. */
export interface ClientNeeds extends Omit<SessionNeeds, 'store' | 'settings'> {
  store: StoreOf<ClientTables>
  settings: Pick<EngineSettings, ClientSettings>
  clientCache: ClientCache
}
