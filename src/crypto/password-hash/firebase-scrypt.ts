import { createCipheriv } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import { base64, type HashScheme } from './scheme.ts'
import { deriveScrypt, isAffordableScrypt } from './scrypt.ts'

// Ours: base64 of the user's salt, the project's separator and signer key, and the hash. The signer key is
// empty where it is kept apart, as the secret of the hash.
const ours = /^\$firebase-scrypt\$ln=(\d{1,2}),r=(\d{1,3})\$([^$]*)\$([^$]*)\$([^$]*)\$([^$]+)$/
const kratos = /^\$firescrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=1\$([^$]+)\$([^$]+)\$([^$]*)\$([^$]+)$/
const supabase = /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,3}),p=1,ss=([^$,]*),sk=([^$,]+)\$([^$]+)\$([^$]+)$/
const keyBytes = 32
const keptBytesMin = 16

export interface FirebaseHash {
  log: number
  blockSize: number
  salt: string
  separator: string
  signerKey: string
  kept: string
}

/**
 * Firebase's scrypt, as we, Kratos and Supabase write it: the project's signer key, encrypted under the
 * derived key by AES-256-CTR from zero, is what is kept.
 */
export const firebaseScryptScheme: HashScheme = {
  recognises: (hash) => parseFirebaseHash(hash) !== undefined,
  async verify(password, hash, secret) {
    const { log, blockSize, salt, separator, signerKey, kept } = parseFirebaseHash(hash) as FirebaseHash
    const cipherKey = await deriveScrypt(password, {
      ...{ cost: 2 ** log, blockSize, parallelism: 1, keyLength: keyBytes },
      salt: Buffer.concat([base64(salt) as Buffer, base64(separator) as Buffer]),
    })
    const key = base64(signerKey === '' ? (secret ?? '') : signerKey) ?? Buffer.alloc(0)
    const cipher = createCipheriv('aes-256-ctr', cipherKey, Buffer.alloc(16))
    return equalSecrets(Buffer.concat([cipher.update(key), cipher.final()]), base64(kept) as Buffer)
  },
}

/** The parts of a hash in any of the three spellings; undefined if it is none, or costs too much. */
export function parseFirebaseHash(hash: string): FirebaseHash | undefined {
  const parts = read(hash)
  if (!parts) return undefined
  const bytes = [parts.salt, parts.separator, parts.signerKey, parts.kept].map(base64)
  const isSound = bytes.every((part) => part !== undefined) && (bytes[3] as Buffer).length >= keptBytesMin
  const cost = { cost: 2 ** parts.log, blockSize: parts.blockSize, parallelism: 1, keyLength: keyBytes }
  return isSound && isAffordableScrypt(cost) ? parts : undefined
}

function read(hash: string): FirebaseHash | undefined {
  const [, log, blockSize, salt = '', separator = '', signerKey = '', kept = ''] = ours.exec(hash) ?? []
  if (log !== undefined)
    return { log: Number(log), blockSize: Number(blockSize), salt, separator, signerKey, kept }
  const [, kratosLog, kratosSize, kratosSalt = '', kratosKept = '', kratosSeparator = '', key = ''] =
    kratos.exec(hash) ?? []
  if (kratosLog !== undefined)
    return {
      ...{ log: Number(kratosLog), blockSize: Number(kratosSize), salt: kratosSalt },
      ...{ separator: kratosSeparator, signerKey: key, kept: kratosKept },
    }
  const [, theirLog, theirSize, theirSeparator = '', theirKey = '', theirSalt = '', theirs = ''] =
    supabase.exec(hash) ?? []
  if (theirLog === undefined) return undefined
  return {
    ...{ log: Number(theirLog), blockSize: Number(theirSize), salt: theirSalt },
    ...{ separator: theirSeparator, signerKey: theirKey, kept: theirs },
  }
}

/** The same hash without the signer key, and the signer key. */
export function withoutSignerKey(hash: string): { hash: string; secret: string } | undefined {
  const parts = parseFirebaseHash(hash)
  if (!parts || parts.signerKey === '') return undefined
  const { log, blockSize, salt, separator, signerKey, kept } = parts
  return {
    hash: `$firebase-scrypt$ln=${log},r=${blockSize}$${salt}$${separator}$$${kept}`,
    secret: signerKey,
  }
}
