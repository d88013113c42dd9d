import { createHash } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import type { HashScheme } from './scheme.ts'

const shape = /^\{(SSHA|SSHA256|SSHA384|SSHA512)\}([A-Za-z0-9+/]{24,200}={0,2})$/i
const digests: Readonly<Record<string, { name: string; bytes: number }>> = {
  SSHA: { name: 'sha1', bytes: 20 },
  SSHA256: { name: 'sha256', bytes: 32 },
  SSHA384: { name: 'sha384', bytes: 48 },
  SSHA512: { name: 'sha512', bytes: 64 },
}
const saltBytesMin = 4

interface Parsed {
  digest: string
  key: Buffer
  salt: Buffer
}

/**
 * Salted SHA as directories store it: the digest of password and salt, followed by the salt. Fast to guess,
 * so it is only accepted to be upgraded.
 */
export const saltedShaScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const { digest, key, salt } = parse(hash) as Parsed
    return equalSecrets(createHash(digest).update(password).update(salt).digest(), key)
  },
}

function parse(hash: string): Parsed | undefined {
  const [, name = '', text = ''] = shape.exec(hash) ?? []
  const digest = digests[name.toUpperCase()]
  const bytes = Buffer.from(text, 'base64')
  if (!digest || bytes.length < digest.bytes + saltBytesMin) return undefined
  return { digest: digest.name, key: bytes.subarray(0, digest.bytes), salt: bytes.subarray(digest.bytes) }
}
