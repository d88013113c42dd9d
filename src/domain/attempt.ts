import type { Evidence } from './evidence.ts'
import type { AccountId, AttemptId } from './id.ts'
import type { Assurance, Decision } from './policy.ts'

export const attemptPurposes = ['sign-in', 'sign-up'] as const
export type AttemptPurpose = (typeof attemptPurposes)[number]

export const attemptStates = ['open', 'done'] as const
export type AttemptState = (typeof attemptStates)[number]

/** One try at a purpose: it collects evidence until the policy is satisfied, and is kept so that a changed policy can be rehearsed. */
export interface Attempt {
  id: AttemptId
  purpose: AttemptPurpose
  state: AttemptState
  accountId: AccountId | null
  requestedAcr: Assurance | null
  evidence: Evidence[]
  decision: Decision | null
  source: string
  createdAt: number
  expiresAt: number
}
