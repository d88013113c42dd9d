import { createHash } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import type { HashScheme } from './scheme.ts'

const shape = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const roundsLogMax = 16 // about a tenth of a second

/** The portable hashes of phpass, as WordPress before 6.8 and phpBB store them: iterated MD5. */
export const phpassScheme: HashScheme = {
  recognises: (hash) => roundsOf(hash) !== undefined,
  async verify(password, hash) {
    const [, , salt = '', kept = ''] = shape.exec(hash) ?? []
    let digest = createHash('md5').update(salt).update(password).digest()
    for (let left = roundsOf(hash) as number; left > 0; left--)
      digest = createHash('md5').update(digest).update(password).digest()
    return equalSecrets(encode(digest), kept)
  },
}

function roundsOf(hash: string): number | undefined {
  const log = alphabet.indexOf(shape.exec(hash)?.[1] ?? '$')
  return log >= 7 && log <= roundsLogMax ? 2 ** log : undefined
}

/** phpass's own base64: the lowest six bits first. */
function encode(bytes: Buffer): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const group = bytes.subarray(index, index + 3)
    const value = (group[0] as number) | ((group[1] ?? 0) << 8) | ((group[2] ?? 0) << 16)
    for (let letter = 0; letter <= group.length; letter++) text += alphabet[(value >> (6 * letter)) & 63]
  }
  return text
}
