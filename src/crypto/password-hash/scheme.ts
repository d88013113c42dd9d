/**
 * One family of password hashes. `verify` is asked only about hashes that `recognises` took, and throws
 * nothing on them.
 */
export interface HashScheme {
  recognises(hash: string): boolean
  verify(password: string, hash: string): Promise<boolean>
}

/** Bounds on what a stored hash may cost us, so that a foreign row cannot stop the server. */
export const memoryBytesMax = 256 * 1024 * 1024
export const pbkdf2IterationsMax = 5_000_000

/** passlib writes base64 with `.` for `+` and without padding. */
export const fromPasslibBase64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')
