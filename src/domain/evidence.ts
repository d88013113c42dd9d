import type { AccountId, CredentialId } from './id.ts'

export const factors = ['knowledge', 'possession', 'inherence'] as const
export type Factor = (typeof factors)[number]

/** What a proof says of itself; a method's `canClaim` is the most it may ever say. */
export interface Claims {
  /** Authentication method references (RFC 8176 §2). */
  amr: readonly string[]
  factors: readonly Factor[]
  phishingResistant: boolean
  userVerified: boolean
}

/** One answered challenge. The engine, never the method, stamps method, credential and time. */
export interface Evidence extends Claims {
  method: string
  accountId: AccountId
  credentialId: CredentialId | null
  /** Milliseconds since the epoch. */
  at: number
}

/** True where `claims` stays under the ceiling a method declared. */
export function staysUnder(ceiling: Claims, claims: Claims): boolean {
  return (
    claims.amr.every((value) => ceiling.amr.includes(value)) &&
    claims.factors.every((factor) => ceiling.factors.includes(factor)) &&
    (ceiling.phishingResistant || !claims.phishingResistant) &&
    (ceiling.userVerified || !claims.userVerified)
  )
}
