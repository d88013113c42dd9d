import type { Sealer } from '../../crypto/seal.ts'
import type { Federation } from '../../domain/connection.ts'
import type { StoreOf } from '../../store/store.ts'
import type { ClientNeeds } from '../clients/needs.ts'
import type { EngineSettings } from '../settings.ts'
import type { OfferedConnections } from './offered-connections.ts'

/** What registering and testing upstream providers uses. */
export interface ConnectionNeeds extends Pick<ClientNeeds, 'clock' | 'random' | 'audit'> {
  store: StoreOf<'connections' | 'events' | 'organisations' | 'organisationDomains'>
  settings: Pick<EngineSettings, 'issuer'>
  sealer: Sealer
  federation: Federation
  offeredConnections: OfferedConnections
}
