import type { SessionCookies } from '../crypto/session-cookie.ts'
import type { Store } from '../store/store.ts'
import type { ClientNeeds } from './clients/needs.ts'
import type { SamlNeeds } from './clients/saml-applications.ts'
import type { ConnectionNeeds } from './connections/needs.ts'
import type { MovingNeeds } from './moving/needs.ts'
import type { OperationsNeeds, OperationsObserver } from './operations/needs.ts'
import type { OrganisationNeeds } from './organisations/needs.ts'
import type { ProvisioningNeeds } from './provisioning/needs.ts'
import type { RecoveryNeeds } from './recovery/needs.ts'
import type { Authenticator } from './sessions/authenticate-token.ts'
import type { EngineSettings } from './settings.ts'
import type { SignInObserver } from './sign-in/needs.ts'
import type { SignUpNeeds } from './sign-up/needs.ts'

type Roofed = 'store' | 'settings' | 'observe'

/**
 * The union of what all subjects need, and what the layers above use besides. `installation.ts` creates it.
 */
export interface Engine
  extends Omit<ClientNeeds, Roofed>,
    Omit<ConnectionNeeds, Roofed>,
    Omit<SamlNeeds, Roofed | 'federation'>,
    Omit<MovingNeeds, Roofed>,
    Omit<OrganisationNeeds, Roofed>,
    Pick<ProvisioningNeeds, 'longLists'>,
    Omit<RecoveryNeeds, Roofed>,
    Omit<SignUpNeeds, Roofed>,
    Omit<OperationsNeeds, Roofed> {
  settings: EngineSettings
  store: Store
  /** How far this machine's clock is ahead of the database's, in milliseconds. */
  clockOffset(): number
  sessionCookies: SessionCookies
  authenticator: Authenticator
  observe: Observer
}

export interface Observer extends SignInObserver, OperationsObserver {}
