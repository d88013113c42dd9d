import { type ScryptOptions, scrypt } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import { base64, type HashScheme, memoryBytesMax } from './scheme.ts'

const betterAuth = /^([0-9a-f]{32}):([0-9a-f]{128})$/
const werkzeug = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})\$([^$]+)\$([0-9a-f]{32,256})$/
const django = /^scrypt\$(\d{1,8})\$([^$]+)\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})$/
const passlib = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$/
// Kratos writes the cost itself, and pads.
const kratos = /^\$scrypt\$ln=(\d{3,8}),r=(\d{1,3}),p=(\d{1,3})\$([^$]+)\$([^$]+)$/

interface Parsed extends ScryptInput {
  normalise: boolean
  meets(key: Buffer): boolean
}

/** scrypt as better-auth, Django, Werkzeug, passlib and Kratos write it. */
export const scryptScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const parsed = parse(hash) as Parsed
    const key = await deriveScrypt(parsed.normalise ? password.normalize('NFKC') : password, parsed)
    return parsed.meets(key)
  },
}

export interface ScryptInput {
  cost: number
  blockSize: number
  parallelism: number
  salt: Buffer
  keyLength: number
}

/** scrypt (RFC 7914), off the main thread. */
export const deriveScrypt = (
  password: string,
  { cost, blockSize, parallelism, salt, keyLength }: ScryptInput,
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
    parseKratos(hash)
  return parsed && isAffordableScrypt(parsed) ? parsed : undefined
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

function parseKratos(hash: string): Parsed | undefined {
  const [, cost, blockSize, parallelism, salt = '', key = ''] = kratos.exec(hash) ?? []
  const [saltBytes, keyBytes] = [base64(salt), base64(key)]
  if (cost === undefined || !saltBytes || !keyBytes) return undefined
  return compared({ ...costOf(Number(cost), blockSize, parallelism), salt: saltBytes }, keyBytes)
}

/** Of those that hash what was typed, as it was typed. */
const costOf = (cost: number, blockSize?: string, parallelism?: string) => ({
  cost,
  blockSize: Number(blockSize),
  parallelism: Number(parallelism),
  normalise: false,
})

const compared = (shape: Omit<Parsed, 'keyLength' | 'meets'>, expected: Buffer): Parsed => ({
  ...shape,
  keyLength: expected.length,
  meets: (key) => equalSecrets(key, expected),
})

/** Whether its memory and its sizes are within bounds. */
export function isAffordableScrypt({
  cost,
  blockSize,
  parallelism,
  keyLength,
}: Omit<ScryptInput, 'salt'>): boolean {
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
