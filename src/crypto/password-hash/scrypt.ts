import { createCipheriv, type ScryptOptions, scrypt } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import { type HashScheme, memoryBytesMax } from './scheme.ts'

const betterAuth = /^([0-9a-f]{32}):([0-9a-f]{128})$/
const werkzeug = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})\$([^$]+)\$([0-9a-f]{32,256})$/
const django = /^scrypt\$(\d{1,8})\$([^$]+)\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})$/
const passlib = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$/
// Our spelling of Firebase's project parameters: base64 of the user's salt, separator, signer key and hash.
const firebase = /^\$firebase-scrypt\$ln=(\d{1,2}),r=(\d{1,3})\$([^$]*)\$([^$]*)\$([^$]+)\$([^$]+)$/
const firebaseKeyBytes = 32

interface Parsed {
  cost: number
  blockSize: number
  parallelism: number
  salt: Buffer
  keyLength: number
  normalise: boolean
  meets(key: Buffer): boolean
}

/** scrypt as better-auth, Django, Werkzeug, passlib and Firebase write it. */
export const scryptScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const parsed = parse(hash) as Parsed
    const key = await derive(parsed.normalise ? password.normalize('NFKC') : password, parsed)
    return parsed.meets(key)
  },
}

const derive = (
  password: string,
  { cost, blockSize, parallelism, salt, keyLength }: Parsed,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options: ScryptOptions = {
      N: cost,
      r: blockSize,
      p: parallelism,
      maxmem: memoryBytesMax + 1024 * 1024,
    }
    scrypt(password, salt, keyLength, options, (error, key) => (error ? reject(error) : resolve(key)))
  })

function parse(hash: string): Parsed | undefined {
  const parsed =
    parseBetterAuth(hash) ??
    parseDjango(hash) ??
    parseWerkzeug(hash) ??
    parsePasslib(hash) ??
    parseFirebase(hash)
  return parsed && isAffordable(parsed) ? parsed : undefined
}

function parseBetterAuth(hash: string): Parsed | undefined {
  const match = betterAuth.exec(hash)
  if (!match) return undefined
  const [, salt = '', key = ''] = match
  // better-auth feeds the hex text itself, not the bytes it spells, to scrypt.
  return compared(
    { cost: 16_384, blockSize: 16, parallelism: 1, salt: Buffer.from(salt, 'utf8'), normalise: true },
    Buffer.from(key, 'hex'),
  )
}

function parseDjango(hash: string): Parsed | undefined {
  const match = django.exec(hash)
  if (!match) return undefined
  const [, cost, salt = '', blockSize, parallelism, key = ''] = match
  return compared(
    { ...costOf(Number(cost), blockSize, parallelism), salt: Buffer.from(salt, 'utf8') },
    Buffer.from(key, 'base64'),
  )
}

function parseWerkzeug(hash: string): Parsed | undefined {
  const match = werkzeug.exec(hash)
  if (!match) return undefined
  const [, cost, blockSize, parallelism, salt = '', key = ''] = match
  return compared(
    { ...costOf(Number(cost), blockSize, parallelism), salt: Buffer.from(salt, 'utf8') },
    Buffer.from(key, 'hex'),
  )
}

function parsePasslib(hash: string): Parsed | undefined {
  const match = passlib.exec(hash)
  if (!match) return undefined
  const [, log, blockSize, parallelism, salt = '', key = ''] = match
  return compared(
    { ...costOf(2 ** Number(log), blockSize, parallelism), salt: Buffer.from(salt, 'base64') },
    Buffer.from(key, 'base64'),
  )
}

/** Of those that hash what was typed, as it was typed. */
const costOf = (cost: number, blockSize?: string, parallelism?: string) => ({
  cost,
  blockSize: Number(blockSize),
  parallelism: Number(parallelism),
  normalise: false,
})

/**
 * Firebase encrypts its project's signer key under the derived key, AES-256-CTR from zero, and keeps the
 * result.
 */
function parseFirebase(hash: string): Parsed | undefined {
  const match = firebase.exec(hash)
  if (!match) return undefined
  const [, log, blockSize, salt = '', separator = '', signer = '', kept = ''] = match
  const signerKey = Buffer.from(signer, 'base64')
  return {
    cost: 2 ** Number(log),
    blockSize: Number(blockSize),
    parallelism: 1,
    normalise: false,
    keyLength: firebaseKeyBytes,
    salt: Buffer.concat([Buffer.from(salt, 'base64'), Buffer.from(separator, 'base64')]),
    meets(key) {
      const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
      return equalSecrets(
        Buffer.concat([cipher.update(signerKey), cipher.final()]),
        Buffer.from(kept, 'base64'),
      )
    },
  }
}

const compared = (shape: Omit<Parsed, 'keyLength' | 'meets'>, expected: Buffer): Parsed => ({
  ...shape,
  keyLength: expected.length,
  meets: (key) => equalSecrets(key, expected),
})

function isAffordable({ cost, blockSize, parallelism, keyLength }: Parsed): boolean {
  const powerOfTwo = cost > 1 && Number.isInteger(Math.log2(cost))
  const memory = 128 * cost * blockSize
  return (
    powerOfTwo &&
    blockSize >= 1 &&
    parallelism >= 1 &&
    parallelism <= 16 &&
    memory <= memoryBytesMax &&
    keyLength >= 16 &&
    keyLength <= 128
  )
}
