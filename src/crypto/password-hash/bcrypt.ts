import { createHash, createHmac } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import type { HashScheme } from './scheme.ts'

const bytesMax = 72
const shape = /^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/
const djangoSha256 = /^bcrypt_sha256\$(\$2[aby]\$.{56})$/
const djangoPlain = /^bcrypt\$(\$2[aby]\$.{56})$/
const passlibSha256 = /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/

/**
 * bcrypt 2a, 2b and 2y, alone or after SHA-256 as Django and passlib do. bcrypt reads 72 bytes and ignores the rest, so a
 * longer password is refused here rather than cut: its owner sets a new one.
 */
export const bcryptScheme: HashScheme = {
  recognises: (hash) => inner(hash) !== undefined,
  verify(password, hash) {
    const { bcrypt, input } = inner(hash) as NonNullable<ReturnType<typeof inner>>
    const given = input(password)
    if (Buffer.byteLength(given) > bytesMax) return Promise.resolve(false)
    return verify(given, bcrypt)
  },
}

function inner(hash: string): { bcrypt: string; input: (password: string) => string } | undefined {
  if (shape.test(hash)) return { bcrypt: hash, input: (password) => password }
  const plain = djangoPlain.exec(hash)?.[1]
  if (plain && shape.test(plain)) return { bcrypt: plain, input: (password) => password }
  const hashed = djangoSha256.exec(hash)?.[1]
  if (hashed && shape.test(hashed)) return { bcrypt: hashed, input: (password) => createHash('sha256').update(password).digest('hex') }
  const [, rounds = '', salt = '', digest = ''] = passlibSha256.exec(hash) ?? []
  const rebuilt = `$2b$${rounds.padStart(2, '0')}$${salt}${digest}`
  if (!shape.test(rebuilt)) return undefined
  return { bcrypt: rebuilt, input: (password) => createHmac('sha256', salt).update(password).digest('base64') }
}
