import { type Claims, claiming, type Factor } from '../../domain/evidence.ts'
import { registeredAmr } from '../registered-amr.ts'

/** What a provider may say (RFC 8176 §2). Whether it resisted phishing is not seen from here. */
const several = new Set(['mfa', 'mca'])

/**
 * A sign-in elsewhere is one factor (docs/adr/0028): `fed`, unless its provider says more and the connection
 * maps it.
 */
export function claimsOf(amr: readonly string[]): Claims {
  const factors: Factor[] = amr.some((value) => several.has(value))
    ? ['knowledge', 'possession']
    : ['knowledge']
  return claiming({ amr: amr.length > 0 ? amr : ['fed'], factors, standsAlone: true })
}

/** The most. */
export const allClaims: Claims = claiming({
  amr: ['fed', ...registeredAmr],
  factors: ['knowledge', 'possession'],
  standsAlone: true,
})
