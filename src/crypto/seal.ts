import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../domain/random.ts'
import type { MasterKey } from './master-key.ts'

const nonceBytes = 12 // NIST SP 800-38D §8.2
const tagBytes = 16
const version = 'v1.'

/**
 * Secrets that must be read back, as AES-256-GCM. `boundTo` names the row, so that a sealed value moved to
 * another row does not open.
 */
export interface Sealer {
  seal(plain: string, boundTo: string): string
  /** Throws where the value was changed, moved, or sealed by another master key. */
  open(sealed: string, boundTo: string): string
}

/** Whether the text has the form that `seal` produces. A user's text may begin the same way. */
export const isSealed = (text: string): boolean => bytesOf(text) !== undefined

function bytesOf(sealed: string): Buffer | undefined {
  if (!sealed.startsWith(version)) return undefined
  const encoded = sealed.slice(version.length)
  const bytes = Buffer.from(encoded, 'base64url')
  return bytes.length >= nonceBytes + tagBytes && bytes.toString('base64url') === encoded ? bytes : undefined
}

export function createSealer(masterKey: MasterKey, random: Random): Sealer {
  const key = masterKey.for('seal')
  return {
    seal(plain, boundTo) {
      const nonce = random.bytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return version + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    open(sealed, boundTo) {
      const bytes = bytesOf(sealed)
      if (!bytes) throw new Error('not a sealed value of a known version')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(boundTo)).setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([
        decipher.update(bytes.subarray(nonceBytes, -tagBytes)),
        decipher.final(),
      ]).toString('utf8')
    },
  }
}
