import type { Some, StoreOf } from '../../store/store.ts'
import type { EngineSettings } from '../settings.ts'
import type { SignInNeeds, SignInSettings, SignInTables } from '../sign-in/needs.ts'

export type RecoveryTables = SignInTables
export type RecoverySettings = SignInSettings
export type RecoveryTransaction = Some<RecoveryTables>

/** What recovering an account uses. */
export interface RecoveryNeeds extends Omit<SignInNeeds, 'store' | 'settings'> {
  store: StoreOf<RecoveryTables>
  settings: Pick<EngineSettings, RecoverySettings>
}
