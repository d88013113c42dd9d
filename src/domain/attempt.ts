import type { Assurance } from './assurance.ts'
import type { Evidence } from './evidence.ts'
import type { AccountId, AttemptId, OrganisationId, SessionId } from './id.ts'
import type { IdentifierKind } from './identifier.ts'
import type { Decision } from './policy.ts'
import type { Operation } from './policy-document.ts'
import type { PolicyInput } from './policy-input.ts'

/** `link`: proves whose account it is, before something elsewhere is joined to it. */
export const attemptPurposes = ['sign-in', 'sign-up', 'step-up', 'link', 'recover'] as const
export type AttemptPurpose = (typeof attemptPurposes)[number]

/** `refused`: the policy will never be satisfied. Expired ones stay `open`; see `expiresAt`. */
export const attemptStates = ['open', 'done', 'refused'] as const
export type AttemptState = (typeof attemptStates)[number]

/** What it was begun for. */
export interface AttemptRequest {
  acr: Assurance | null
  scope: string | null
  rememberDevice: boolean
  /** The application to sign in to. */
  clientId: string
  /** What a step-up is for; null if an application asked for more. */
  operation: Operation | 'any' | null
  /** The organisation to sign in to. */
  organisationId?: OrganisationId | null | undefined
  /** The session that is raised came from recovering the account. */
  recovered: boolean
}

/**
 * Collects evidence for one purpose until the policy is satisfied. Kept afterwards, so that a changed policy
 * can be simulated.
 */
export interface Attempt {
  id: AttemptId
  purpose: AttemptPurpose
  state: AttemptState
  /** Once something was proved; never changed after. */
  accountId: AccountId | null
  /** The name that was given at the start; proves nothing, and is forgotten at the end. */
  hint: { kind: IdentifierKind; value: string } | null
  /** Hash of the secret in the cookie of the browser that began it. */
  bindingHash: string
  /**
   * `id`: a program that keeps no cookies holds it by its id. The first cookie it sends makes it `cookie`,
   * for good.
   */
  holder: 'cookie' | 'id'
  /** Of a step-up: the session that it raises. */
  sessionId: SessionId | null
  request: AttemptRequest
  evidence: Evidence[]
  /** The policy's other inputs, the last time it decided. */
  decisionInputs: Omit<PolicyInput, 'evidence'> | null
  decision: Decision | null
  source: string
  createdAt: number
  expiresAt: number
}
