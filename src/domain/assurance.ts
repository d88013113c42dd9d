import type { Claims, Factor } from './evidence.ts'

/** Authentication assurance levels of NIST SP 800-63B-4 §2; `acr` in tokens. */
export const assurances = ['aal1', 'aal2', 'aal3'] as const
export type Assurance = (typeof assurances)[number]

export const isAtLeast = (had: Assurance, needed: Assurance): boolean =>
  assurances.indexOf(had) >= assurances.indexOf(needed)
export const higher = (a: Assurance, b: Assurance): Assurance => (isAtLeast(a, b) ? a : b)

/**
 * What proofs amount to: a user-verified, phishing-resistant authenticator or two kinds of factor make
 * `aal2`, a device-bound one of the former `aal3`; anything that can stand alone makes `aal1`. Null if
 * nothing does. More never lowers it.
 */
export function assuranceOf(proofs: readonly Claims[]): Assurance | null {
  if (!proofs.some((proof) => proof.standsAlone) && kindsOf(proofs) < 2) return null
  const verified = proofs.filter((proof) => proof.userVerified && proof.phishingResistant)
  if (verified.some((proof) => proof.amr.includes('hwk'))) return 'aal3'
  return verified.length > 0 || kindsOf(proofs) > 1 ? 'aal2' : 'aal1'
}

/** How many kinds of factor; a saved code counts as the one that is missing, once. */
export function kindsOf(proofs: readonly Claims[]): number {
  const kinds = new Set<Factor>(proofs.filter((proof) => !proof.standsIn).flatMap((proof) => proof.factors))
  return kinds.size + (proofs.some((proof) => proof.standsIn) ? 1 : 0)
}

/** RFC 8176 values; `mfa` where more than one kind of factor was proved (§2). */
export function amrOf(proofs: readonly Claims[]): string[] {
  const amr = proofs.flatMap((proof) => proof.amr)
  return [...new Set(kindsOf(proofs) > 1 ? [...amr, 'mfa'] : amr)]
}
