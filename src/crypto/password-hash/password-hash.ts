import type { HashVerdict } from '../../domain/method.ts'
import type { Random } from '../../domain/random.ts'
import { type Argon2Cost, argon2Scheme, current, hashArgon2id, isCurrentArgon2id } from './argon2.ts'
import { bcryptScheme } from './bcrypt.ts'
import { digestScheme } from './digest.ts'
import { firebaseScryptScheme } from './firebase-scrypt.ts'
import { hmacScheme } from './hmac.ts'
import { keycloakScheme } from './keycloak.ts'
import { md5CryptScheme } from './md5-crypt.ts'
import { pbkdf2Scheme } from './pbkdf2.ts'
import { createPepperedScheme } from './peppered.ts'
import { phpassScheme } from './phpass.ts'
import { saltedShaScheme } from './salted-sha.ts'
import type { HashScheme } from './scheme.ts'
import { scryptScheme } from './scrypt.ts'
import { shaCryptScheme } from './sha-crypt.ts'

const plainSchemes: readonly HashScheme[] = [
  argon2Scheme,
  bcryptScheme,
  pbkdf2Scheme,
  scryptScheme,
  phpassScheme,
  saltedShaScheme,
  shaCryptScheme,
  keycloakScheme,
  firebaseScryptScheme,
  md5CryptScheme,
  digestScheme,
  hmacScheme,
]
const schemes = [...plainSchemes, createPepperedScheme(plainSchemes)]

export interface PasswordHash {
  hash(password: string): Promise<string>
  /** `secret`: what the other system added to each password, if the hash does not hold it. */
  verify(password: string, hash: string, secret?: string): Promise<HashVerdict>
  verifyDecoy(password: string): Promise<void>
}

/** True for a hash that could be verified, ours or another system's. */
export const isKnownHash = (hash: string): boolean => schemes.some((scheme) => scheme.recognises(hash))

/**
 * Ours are argon2id over the NFKC form (NIST SP 800-63B-4 §3.1.1.2), so that a password typed on another
 * keyboard meets its hash. Other systems hashed what was typed, so theirs are tried as typed first and then
 * in the normal form. `observe`: told how long one of theirs took.
 */
export function createPasswordHash(
  random: Random,
  cost: Argon2Cost = current,
  observe: (milliseconds: number) => void = () => undefined,
): PasswordHash {
  const decoy = hashArgon2id(random.bytes(16).toString('hex'), random, cost)
  decoy.catch(() => undefined) // reported where it is awaited

  return {
    hash: (password) => hashArgon2id(password.normalize('NFKC'), random, cost),
    async verify(password, hash, secret) {
      const scheme = schemes.find((candidate) => candidate.recognises(hash))
      if (!scheme) throw new Error('the stored hash is of no known scheme')
      const normal = password.normalize('NFKC')
      if (isCurrentArgon2id(hash, cost)) return (await scheme.verify(normal, hash)) ? 'matches' : 'wrong'
      const startedAt = performance.now() // on the monotonic clock: it has nothing to do with the time of day
      const met =
        (await scheme.verify(password, hash, secret)) ||
        (normal !== password && (await scheme.verify(normal, hash, secret)))
      observe(performance.now() - startedAt)
      return met ? 'outdated' : 'wrong'
    },
    async verifyDecoy(password) {
      await argon2Scheme.verify(password.normalize('NFKC'), await decoy)
    },
  }
}
