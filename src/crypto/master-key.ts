import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

const keyBytes = 32

export const masterKeyPurposes = [
  'seal',
  'refresh-token',
  'session-cookie',
  'audit-chain',
  'throttle',
  'backup',
  'refresh-successor',
  'pairwise-subject',
] as const
export type MasterKeyPurpose = (typeof masterKeyPurposes)[number]

/** The name of the row that ties a database to its key: a sealed word. */
export const masterKeyCheck = {
  fact: 'master-key-check',
  boundTo: 'fact/master-key-check',
  word: 'ok',
} as const

/**
 * Protects everything at rest. Never used directly: each purpose has a key derived from it (HKDF, RFC 5869).
 */
export class MasterKey {
  readonly #derived: ReadonlyMap<MasterKeyPurpose, KeyObject>

  /** `encoded`: 32 bytes, base64url. Throws a RangeError on anything else. */
  constructor(encoded: string) {
    const key = Buffer.from(encoded, 'base64url')
    if (key.length !== keyBytes || key.toString('base64url') !== encoded)
      throw new RangeError('a master key is 32 bytes in base64url')
    this.looksGuessable = looksGuessable(key, encoded)
    this.#derived = new Map(
      masterKeyPurposes.map((purpose) => [
        purpose,
        createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `sumun ${purpose}`, keyBytes))),
      ]),
    )
  }

  /**
   * Whether the key looks typed by a person instead of random: repeated or counting bytes, words, lower case
   * only.
   */
  readonly looksGuessable: boolean

  /** As a KeyObject: Node takes bytes for a key five times as slowly. */
  for(purpose: MasterKeyPurpose): KeyObject {
    return this.#derived.get(purpose) as KeyObject
  }
}

const distinctMin = 16 // of 32 random bytes about 30 differ; fewer than this do once in 10^15

const lettersMin = 35 // of one case: about 17 are, and this many once in 10^7
const digitsMin = 25

function looksGuessable(key: Buffer, encoded: string): boolean {
  const steps = [...key].map((byte, index) => (byte - (key[index - 1] ?? 0)) & 255)
  const isRepetitive = new Set(key).size < distinctMin || new Set(steps).size < distinctMin
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f)
  const many = (kind: RegExp, min: number): boolean => (encoded.match(kind)?.length ?? 0) >= min // of 43
  return (
    isRepetitive ||
    isText ||
    many(/[a-z]/g, lettersMin) ||
    many(/[A-Z]/g, lettersMin) ||
    many(/[0-9]/g, digitsMin)
  )
}
