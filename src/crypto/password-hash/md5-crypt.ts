import { createHash } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import type { HashScheme } from './scheme.ts'

const shape = /^(?:\{CRYPT\})?\$(?:1|md5-crypt)\$([^$:\n]{0,8})\$([./0-9A-Za-z]{22})$/i
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const rounds = 1_000
const order = [...[0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5]] as const

/** MD5-crypt (`$1$`), as FreeBSD, Linux and Cisco kept passwords (crypt(5)). */
export const md5CryptScheme: HashScheme = {
  recognises: (hash) => shape.test(hash),
  async verify(password, hash) {
    const [, salt = '', kept = ''] = shape.exec(hash) ?? []
    return equalSecrets(encode(digestOf(Buffer.from(password), Buffer.from(salt))), kept)
  },
}

const md5 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((made, part) => made.update(part), createHash('md5')).digest()

function digestOf(password: Buffer, salt: Buffer): Buffer {
  const alternate = md5(password, salt, password)
  const parts: Buffer[] = [password, Buffer.from('$1$'), salt]
  for (let left = password.length; left > 0; left -= 16) parts.push(alternate.subarray(0, Math.min(16, left)))
  for (let length = password.length; length > 0; length >>= 1)
    parts.push(length & 1 ? Buffer.alloc(1) : password.subarray(0, 1))
  let made = md5(...parts)
  for (let round = 0; round < rounds; round++)
    made = md5(
      round & 1 ? password : made,
      ...(round % 3 === 0 ? [] : [salt]),
      ...(round % 7 === 0 ? [] : [password]),
      round & 1 ? made : password,
    )
  return made
}

/** Three bytes are four letters, the lowest six bits first. */
function encode(digest: Buffer): string {
  const at = (place: number): number => digest[order[place] as number] ?? 0
  let text = ''
  const letters = (bits: number, count: number): void => {
    for (let left = bits, letter = 0; letter < count; letter++, left >>= 6) text += alphabet[left & 63]
  }
  for (let group = 0; group < 4; group++)
    letters((at(group * 3) << 16) | (at(group * 3 + 1) << 8) | at(group * 3 + 2), 4)
  letters((at(12) << 16) | (at(13) << 8) | at(14), 4)
  letters(digest[11] as number, 2)
  return text
}
