import type { Some, StoreOf } from '../../store/store.ts'
import type { EngineSettings } from '../settings.ts'
import type { SignInNeeds, SignInSettings, SignInTables } from '../sign-in/needs.ts'

export type SignUpTables = SignInTables
export type SignUpSettings = SignInSettings | 'signUp'
export type SignUpTransaction = Some<SignUpTables>

/** What signing up uses. */
export interface SignUpNeeds extends Omit<SignInNeeds, 'store' | 'settings'> {
  store: StoreOf<SignUpTables>
  settings: Pick<EngineSettings, SignUpSettings>
}
