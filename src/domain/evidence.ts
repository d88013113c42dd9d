import type { AccountId, CredentialId } from './id.ts'
import type { IdentifierKind } from './identifier.ts'

export const factors = ['knowledge', 'possession', 'inherence'] as const
export type Factor = (typeof factors)[number]

/** What a proof says of itself; a method's `canClaim` is the most it may ever say. */
export interface Claims {
  /** Authentication method references (RFC 8176 §2). */
  amr: readonly string[]
  factors: readonly Factor[]
  phishingResistant: boolean
  userVerified: boolean
  /** Can be the only proof there is. A code from an app, or a saved one, cannot. */
  standsAlone: boolean
  /**
   * A saved code, both known and had: it stands in for whichever kind of factor was lost, and never for two
   * (docs/adr/0007).
   */
  standsIn: boolean
}

/** Claims say no more than they name. */
export const claiming = (proved: Pick<Claims, 'amr' | 'factors'> & Partial<Claims>): Claims => ({
  phishingResistant: false,
  userVerified: false,
  standsAlone: false,
  standsIn: false,
  ...proved,
})

/** One answered challenge. The engine, never the method, stamps method, credential and time. */
export interface Evidence extends Claims {
  method: string
  accountId: AccountId
  /** What it was proved with; null if control of an identifier was proved. */
  credentialId: CredentialId | null
  identifier: { kind: IdentifierKind; value: string } | null
  /** Milliseconds since the epoch. */
  at: number
}

/** True if `claims` stays under the ceiling a method declared. */
export function staysUnder(ceiling: Claims, claims: Claims): boolean {
  return (
    claims.amr.every((value) => ceiling.amr.includes(value)) &&
    claims.factors.every((factor) => ceiling.factors.includes(factor)) &&
    (ceiling.phishingResistant || !claims.phishingResistant) &&
    (ceiling.userVerified || !claims.userVerified) &&
    (ceiling.standsAlone || !claims.standsAlone) &&
    (ceiling.standsIn || !claims.standsIn)
  )
}
