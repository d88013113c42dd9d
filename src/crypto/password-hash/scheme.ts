/**
 * One family of password hashes. `verify` is asked only about hashes that `recognises` took, and throws
 * nothing on them. `secret`: what the other system added to each password, kept apart from the hash.
 */
export interface HashScheme {
  recognises(hash: string): boolean
  verify(password: string, hash: string, secret?: string): Promise<boolean>
}

/** Bounds on what a stored hash may cost us, so that a foreign row cannot stop the server. */
export const memoryBytesMax = 256 * 1024 * 1024
export const pbkdf2IterationsMax = 5_000_000
export const argon2PassesMax = 64
export const bcryptCostMax = 16
export const shaCryptRoundsMax = 700_000 // passlib's default is 656,000

/** passlib writes base64 with `.` for `+` and without padding. */
export const fromPasslibBase64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

/**
 * Base64 of either alphabet, with or without padding; undefined for what no encoder writes (RFC 4648 §3.5).
 */
export function base64(text: string): Buffer | undefined {
  const plain = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '')
  const bytes = Buffer.from(plain, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === plain ? bytes : undefined
}
