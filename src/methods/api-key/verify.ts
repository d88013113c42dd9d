import { crc32 } from 'node:zlib'
import { crockford, randomCrockford } from '../../domain/crockford.ts'
import type { Random } from '../../domain/random.ts'

export const prefix = 'sumun_sk_'
const lookupLength = 16
const secretLength = 51 // 255 bits
const checksumLength = 7

export interface KeyParts {
  /** Finds the credential; no secret. */
  lookup: string
  secret: string
}

/**
 * `sumun_sk_` + lookup + secret + checksum. The prefix is for secret scanners; the checksum refuses invalid
 * keys without a database read.
 */
export function newKey(random: Random): KeyParts & { key: string } {
  const [lookup, secret] = [randomCrockford(random, lookupLength), randomCrockford(random, secretLength)]
  return { lookup, secret, key: prefix + lookup + secret + checksumOf(lookup + secret) }
}

/** Undefined for anything that is not an API key of this server. Never throws. Pure. */
export function readKey(key: string): KeyParts | undefined {
  const body = key.slice(prefix.length, -checksumLength)
  if (!key.startsWith(prefix) || body.length !== lookupLength + secretLength) return undefined
  if (checksumOf(body) !== key.slice(-checksumLength)) return undefined
  return { lookup: body.slice(0, lookupLength), secret: body.slice(lookupLength) }
}

function checksumOf(body: string): string {
  let value = crc32(prefix + body)
  let digits = ''
  for (let i = 0; i < checksumLength; i++) {
    digits = crockford[value & 31] + digits
    value >>>= 5
  }
  return digits
}
