import { type Argon2Algorithm, type Argon2Parameters, argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../../domain/random.ts'
import { equalSecrets } from '../equal.ts'
import { type HashScheme, memoryBytesMax } from './scheme.ts'

// RFC 9106 §4 as OWASP's password storage cheat sheet sizes it for a busy server.
export const current = { memoryKibibytes: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const tagBytes = 32
const passesMax = 64
const version = 19 // 0x13, the only one Node makes

const derive = promisify(argon2) as (algorithm: Argon2Algorithm, parameters: Argon2Parameters) => Promise<Buffer>
const phc = /^(?:argon2)?\$(argon2(?:id|i|d))\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

interface Parsed {
  algorithm: Argon2Algorithm
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
export async function hashArgon2id(password: string, random: Random, cost: Argon2Cost = current): Promise<string> {
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
  if (!parsed || !hash.startsWith('$argon2id$')) return false
  return parsed.memoryKibibytes >= cost.memoryKibibytes && parsed.passes >= cost.passes && parsed.tag.length >= tagBytes
}

/** argon2id, argon2i and argon2d of version 0x13, also with Django's `argon2` prefix. */
export const argon2Scheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const { algorithm, memoryKibibytes, passes, parallelism, salt, tag } = parse(hash) as Parsed
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

const withoutPadding = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

function parse(hash: string): Parsed | undefined {
  const match = phc.exec(hash)
  if (!match) return undefined
  const [, algorithm, madeWith, memory, passes, parallelism, salt, tag] = match as unknown as string[]
  const parsed: Parsed = {
    algorithm: algorithm as Argon2Algorithm,
    memoryKibibytes: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt as string, 'base64'),
    tag: Buffer.from(tag as string, 'base64'),
  }
  const affordable = parsed.memoryKibibytes * 1024 <= memoryBytesMax && parsed.passes >= 1 && parsed.passes <= passesMax
  const sound = parsed.parallelism >= 1 && parsed.parallelism <= 16 && parsed.memoryKibibytes >= 8 * parsed.parallelism
  const sized = parsed.salt.length >= 8 && parsed.tag.length >= 16 && parsed.tag.length <= 128
  const isCanonical = withoutPadding(parsed.tag) === tag && withoutPadding(parsed.salt) === salt // one spelling, as the PHC string format has it
  return Number(madeWith) === version && affordable && sound && sized && isCanonical ? parsed : undefined
}
