import { type Argon2Algorithm, type Argon2Parameters, argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../../domain/random.ts'
import { equalSecrets } from '../equal.ts'
import { argon2PassesMax, type HashScheme, memoryBytesMax } from './scheme.ts'

// RFC 9106 §4 as OWASP's password storage cheat sheet sizes it for a busy server.
export const current = { memoryKibibytes: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const tagBytes = 32
const version = 19 // 0x13, the only one Node makes
const firstVersion = 16 // 0x10, where none is written (PHC string format)
const firstVersionMemoryMax = 32 * 1024 * 1024 // it is computed here, in small turns

const derive = promisify(argon2) as (
  algorithm: Argon2Algorithm,
  parameters: Argon2Parameters,
) => Promise<Buffer>
const phc =
  /^(?:argon2)?\$(argon2(?:id|i|d))(?:\$v=(\d+))?\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

interface Parsed {
  algorithm: Argon2Algorithm
  version: number
  memoryKibibytes: number
  passes: number
  parallelism: number
  salt: Buffer
  tag: Buffer
}

export interface Argon2Cost {
  memoryKibibytes: number
  passes: number
  parallelism: number
}

/** argon2id, as a PHC string. */
export async function hashArgon2id(
  password: string,
  random: Random,
  cost: Argon2Cost = current,
): Promise<string> {
  const salt = random.bytes(saltBytes)
  const tag = await derive('argon2id', {
    message: password,
    nonce: salt,
    tagLength: tagBytes,
    memory: cost.memoryKibibytes,
    passes: cost.passes,
    parallelism: cost.parallelism,
  })
  return `$argon2id$v=${version}$m=${cost.memoryKibibytes},t=${cost.passes},p=${cost.parallelism}$${withoutPadding(salt)}$${withoutPadding(tag)}`
}

/** True for argon2id at least as costly as what is made today. */
export function isCurrentArgon2id(hash: string, cost: Argon2Cost = current): boolean {
  const parsed = parse(hash)
  if (!parsed || parsed.version !== version || !hash.startsWith('$argon2id$')) return false
  return (
    parsed.memoryKibibytes >= cost.memoryKibibytes &&
    parsed.passes >= cost.passes &&
    parsed.tag.length >= tagBytes
  )
}

/**
 * argon2id, argon2i and argon2d of version 0x13, also with Django's `argon2` prefix; those of version 0x10 up
 * to 32 MiB.
 */
export const argon2Scheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const parsed = parse(hash) as Parsed
    if (parsed.version === firstVersion) return equalSecrets(await deriveFirst(password, parsed), parsed.tag)
    const { algorithm, memoryKibibytes, passes, parallelism, salt, tag } = parsed
    const made = await derive(algorithm, {
      message: password,
      nonce: salt,
      tagLength: tag.length,
      memory: memoryKibibytes,
      passes,
      parallelism,
    })
    return equalSecrets(made, tag)
  },
}

async function deriveFirst(
  password: string,
  { algorithm, memoryKibibytes: m, passes: t, parallelism: p, salt, tag }: Parsed,
): Promise<Buffer> {
  const noble = await import('@noble/hashes/argon2.js')
  const make = { argon2id: noble.argon2idAsync, argon2i: noble.argon2iAsync, argon2d: noble.argon2dAsync }[
    algorithm
  ]
  return Buffer.from(
    await make(Buffer.from(password), salt, {
      m,
      t,
      p,
      dkLen: tag.length,
      version: firstVersion,
      asyncTick: 2,
    }),
  )
}

const withoutPadding = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

function parse(hash: string): Parsed | undefined {
  const match = phc.exec(hash)
  if (!match) return undefined
  const [, algorithm, madeWith, memory, passes, parallelism, salt, tag] = match as unknown as string[]
  const parsed: Parsed = {
    algorithm: algorithm as Argon2Algorithm,
    version: Number(madeWith ?? firstVersion),
    memoryKibibytes: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt as string, 'base64'),
    tag: Buffer.from(tag as string, 'base64'),
  }
  const bytesMax = parsed.version === firstVersion ? firstVersionMemoryMax : memoryBytesMax
  const affordable =
    parsed.memoryKibibytes * 1024 <= bytesMax && parsed.passes >= 1 && parsed.passes <= argon2PassesMax
  const sound =
    parsed.parallelism >= 1 && parsed.parallelism <= 16 && parsed.memoryKibibytes >= 8 * parsed.parallelism
  const sized = parsed.salt.length >= 8 && parsed.tag.length >= 16 && parsed.tag.length <= 128
  // one spelling, as the PHC string format has it
  const isCanonical = withoutPadding(parsed.tag) === tag && withoutPadding(parsed.salt) === salt
  return [version, firstVersion].includes(parsed.version) && affordable && sound && sized && isCanonical
    ? parsed
    : undefined
}
