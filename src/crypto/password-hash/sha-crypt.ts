import { createHash } from 'node:crypto'
import { setImmediate as yieldToRequests } from 'node:timers/promises'
import { equalSecrets } from '../equal.ts'
import { type HashScheme, shaCryptRoundsMax } from './scheme.ts'

const shape =
  /^(?:\{CRYPT\})?\$(5|6|sha256-crypt|sha512-crypt)\$(?:rounds=(\d{1,9})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/
const roundsDefault = 5_000
const roundsMin = 1_000
const roundsPerTurn = 250 // below a millisecond of the event loop
const passwordBytesMax = 512
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

interface Kind {
  digest: 'sha256' | 'sha512'
  bytes: number
  letters: number
  /** Which three bytes of the digest each four letters hold, the highest first; -1 is none. */
  order: readonly (readonly [number, number, number])[]
}

const inTurn = (count: number, step: (n: number) => [number, number, number]) =>
  Array.from({ length: count }, (_, n) => step(n))
const kinds: Readonly<Record<string, Kind>> = {
  5: {
    digest: 'sha256',
    bytes: 32,
    letters: 43,
    order: [...inTurn(10, (n) => rotated([n, n + 10, n + 20], -n)), [-1, 31, 30]],
  },
  6: {
    digest: 'sha512',
    bytes: 64,
    letters: 86,
    order: [...inTurn(21, (n) => rotated([n, n + 21, n + 42], n)), [-1, -1, 63]],
  },
}

const aliases: Readonly<Record<string, string>> = { 'sha256-crypt': '5', 'sha512-crypt': '6' }

/** The three columns change places from group to group. */
function rotated([a, b, c]: [number, number, number], by: number): [number, number, number] {
  return (
    [
      [a, b, c],
      [b, c, a],
      [c, a, b],
    ] as const
  )[((by % 3) + 3) % 3] as [number, number, number]
}

interface Parsed {
  kind: Kind
  rounds: number
  salt: Buffer
  encoded: string
}

/**
 * SHA-crypt with SHA-256 (`$5$`, Kratos: `$sha256-crypt$`) and SHA-512 (`$6$`), as Linux and directories keep
 * passwords (Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6). It is computed here in small
 * turns, since Node has no such function.
 */
export const shaCryptScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const parsed = parse(hash) as Parsed
    const bytes = Buffer.from(password)
    if (bytes.length > passwordBytesMax) return false
    return equalSecrets(encode(await digestOf(bytes, parsed), parsed.kind), parsed.encoded)
  },
}

function parse(hash: string): Parsed | undefined {
  const [, id = '', rounds, salt = '', encoded = ''] = shape.exec(hash) ?? []
  const kind = kinds[aliases[id] ?? id]
  if (!kind || encoded.length !== kind.letters) return undefined
  // Fewer than a thousand counted as a thousand where the hash was made.
  const counted = rounds === undefined ? roundsDefault : Math.max(roundsMin, Number(rounds))
  return counted <= shaCryptRoundsMax
    ? { kind, rounds: counted, salt: Buffer.from(salt), encoded }
    : undefined
}

async function digestOf(password: Buffer, { kind, rounds, salt }: Parsed): Promise<Buffer> {
  const hash = (...parts: Uint8Array[]): Buffer =>
    parts.reduce((made, part) => made.update(part), createHash(kind.digest)).digest()
  const alternate = hash(password, salt, password)
  const choices: Buffer[] = []
  for (let length = password.length; length > 0; length >>= 1) choices.push(length & 1 ? alternate : password)
  let made = hash(password, salt, repeated(alternate, password.length), ...choices)
  const passwordBytes = repeated(hash(...Array<Buffer>(password.length).fill(password)), password.length)
  const saltBytes = repeated(hash(...Array<Buffer>(16 + (made[0] as number)).fill(salt)), salt.length)
  for (let round = 0; round < rounds; round++) {
    const parts = [round & 1 ? passwordBytes : made]
    if (round % 3 !== 0) parts.push(saltBytes)
    if (round % 7 !== 0) parts.push(passwordBytes)
    parts.push(round & 1 ? made : passwordBytes)
    made = hash(Buffer.concat(parts))
    if (round % roundsPerTurn === roundsPerTurn - 1) await yieldToRequests()
  }
  return made
}

const repeated = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes)

/** Three bytes are four letters, the lowest six bits first. */
function encode(digest: Buffer, { order, letters }: Kind): string {
  let text = ''
  for (const [high, middle, low] of order) {
    let bits = ((digest[high] ?? 0) << 16) | ((digest[middle] ?? 0) << 8) | (digest[low] ?? 0)
    for (let letter = 0; letter < 4; letter++, bits >>= 6) text += alphabet[bits & 63]
  }
  return text.slice(0, letters)
}
