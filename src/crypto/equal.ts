import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Compares two secrets in constant time, as fixed-length digests, so that neither length nor encoding leaks
 * or collides.
 */
export const equalSecrets = (a: string | Uint8Array, b: string | Uint8Array): boolean =>
  timingSafeEqual(sha256(a), sha256(b))

/** SHA-256, for secrets of full entropy that are only ever compared. */
export const sha256 = (value: string | Uint8Array): Buffer => hash('sha256', value, 'buffer')

/** The stored form of such a secret: its SHA-256 as base64url. */
export const hashSecret = (secret: string): string => sha256(secret).toString('base64url')
