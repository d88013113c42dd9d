import { hkdfSync } from 'node:crypto'

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

/** The one secret everything at rest hangs from. It is never used itself: each purpose has a key derived from it (RFC 5869). */
export class MasterKey {
  readonly #derived: ReadonlyMap<MasterKeyPurpose, Buffer>

  /** `encoded`: 32 bytes, base64url. Throws a RangeError on anything else. */
  constructor(encoded: string) {
    const key = Buffer.from(encoded, 'base64url')
    if (key.length !== keyBytes || key.toString('base64url') !== encoded) throw new RangeError('a master key is 32 bytes in base64url')
    this.#derived = new Map(
      masterKeyPurposes.map((purpose) => [purpose, Buffer.from(hkdfSync('sha256', key, '', `sumun ${purpose}`, keyBytes))]),
    )
  }

  for(purpose: MasterKeyPurpose): Buffer {
    return this.#derived.get(purpose) as Buffer
  }
}
