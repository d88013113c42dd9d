import type { SessionNeeds } from '../sessions/needs.ts'

/** What asking the policy uses: an account, what it can prove, and what a session has proved. */
export type PolicyNeeds = SessionNeeds
