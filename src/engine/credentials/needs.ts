import type { Some, StoreOf } from '../../store/store.ts'
import type { Throttle } from '../limits/sign-in-throttle.ts'
import type { MessageNeeds, MessageSettings, MessageTables } from '../messages/needs.ts'
import type { SessionNeeds, SessionSettings, SessionTables } from '../sessions/needs.ts'
import type { EngineSettings } from '../settings.ts'
import type { TicketNeeds, TicketSettings, TicketTables } from '../tickets/needs.ts'

export type CredentialTables =
  | MessageTables
  | SessionTables
  | TicketTables
  | 'connections'
  | 'organisationDomains'
export type CredentialSettings = MessageSettings | SessionSettings | TicketSettings
export type CredentialTransaction = Some<CredentialTables>

/** What setting up, changing and removing credentials uses. */
export interface CredentialNeeds
  extends Omit<MessageNeeds, 'store' | 'settings'>,
    Omit<SessionNeeds, 'store' | 'settings'>,
    Omit<TicketNeeds, 'store' | 'settings'> {
  store: StoreOf<CredentialTables>
  settings: Pick<EngineSettings, CredentialSettings>
  throttle: Throttle
}
