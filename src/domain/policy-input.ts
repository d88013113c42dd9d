import type { AccountRole } from './account.ts'
import type { Assurance } from './assurance.ts'
import type { Claims, Evidence } from './evidence.ts'
import type { OrganisationPolicy } from './organisation.ts'
import type { Operation } from './policy-document.ts'
import { firstPartyClientId } from './session.ts'

/** A method of an account: what its credentials, or its identifiers, could prove with it at most. */
export interface PolicyMethod {
  id: string
  claims: Claims
  /** Set up by the owner, not merely available because the account has an address. */
  enrolled: boolean
  /** False if it was disabled by guessing: it is still required, but cannot be used. */
  usable: boolean
  /** Proves control of an identifier of this kind. */
  identifier: 'email' | 'username' | 'phone' | null
}

export interface PolicySubject {
  role: AccountRole
  active: boolean
  methods: readonly PolicyMethod[]
}

/** `operation`: what a step-up is for, `any` if it is not named; null for a sign-in. */
export interface PolicyContext {
  purpose: 'sign-in' | 'sign-up' | 'step-up' | 'link' | 'recover'
  operation: Operation | 'any' | null
  clientId: string
  newDevice: boolean
  requestedAcr: Assurance | null
  /** The session came from recovering the account: what was lost need not be proved. */
  recovered: boolean
  now: number
}

/**
 * Defaults are those of a plain sign-in to the first-party application. `now` in milliseconds since the
 * epoch.
 */
export const policyContext = (
  now: number,
  given: Pick<PolicyContext, 'purpose'> & Partial<PolicyContext>,
): PolicyContext => ({
  operation: null,
  clientId: firstPartyClientId,
  newDevice: false,
  requestedAcr: null,
  recovered: false,
  now,
  ...given,
})

/** What an organisation asks of one account. */
export interface OrganisationDemand {
  slug: string
  policy: OrganisationPolicy
  /** The account may sign in with a passkey, whichever methods the organisation accepts. */
  breakGlass: boolean
}

export interface PolicyInput {
  evidence: readonly Evidence[]
  subject: PolicySubject
  context: PolicyContext
  /** Those that the account signs in to, and the one that has the domain of its address. */
  organisations?: readonly OrganisationDemand[]
}
