import { createHash, createHmac } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import type { HashScheme } from './scheme.ts'

const bytesMax = 72
const shape = /^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/
const djangoSha256 = /^bcrypt_sha256\$(\$2[aby]\$.{56})$/
const djangoPlain = /^bcrypt\$(\$2[aby]\$.{56})$/
const prefixed = /^\{(?:bcrypt|CRYPT)\}(\$2[aby]\$.{56})$/
const wordpress = /^\$wp(\$2[aby]\$.{56})$/
const passlibSha256First = /^\$bcrypt-sha256\$(2[ab]),(\d{1,2})\$([./A-Za-z0-9]{22}\$[./A-Za-z0-9]{31})$/
const passlibSha256 = /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/

/**
 * bcrypt 2a, 2b and 2y: alone, also with the prefix of Spring or of a directory; after SHA-256 as Django and
 * passlib do, or after HMAC-SHA-384 as WordPress 6.8 does. bcrypt reads 72 bytes and ignores the rest, and so
 * did the system that made the hash. A longer password is cut the same way; ours, over the whole of it, takes
 * the hash's place at once.
 */
export const bcryptScheme: HashScheme = {
  recognises: (hash) => inner(hash) !== undefined,
  verify(password, hash) {
    const { bcrypt, input } = inner(hash) as NonNullable<ReturnType<typeof inner>>
    return verify(Buffer.from(input(password)).subarray(0, bytesMax), bcrypt)
  },
}

function inner(hash: string): { bcrypt: string; input: (password: string) => string } | undefined {
  if (shape.test(hash)) return { bcrypt: hash, input: (password) => password }
  const plain = djangoPlain.exec(hash)?.[1] ?? prefixed.exec(hash)?.[1]
  if (plain && shape.test(plain)) return { bcrypt: plain, input: (password) => password }
  const hashed = djangoSha256.exec(hash)?.[1]
  if (hashed && shape.test(hashed))
    return { bcrypt: hashed, input: (password) => createHash('sha256').update(password).digest('hex') }
  const wordpressHash = wordpress.exec(hash)?.[1]
  if (wordpressHash && shape.test(wordpressHash))
    return {
      bcrypt: wordpressHash,
      input: (password) => createHmac('sha384', 'wp-sha384').update(password.trim()).digest('base64'),
    }
  const [, first = '', firstRounds = '', firstRest = ''] = passlibSha256First.exec(hash) ?? []
  const rebuiltFirst = `$${first}$${firstRounds.padStart(2, '0')}$${firstRest.replace('$', '')}`
  if (shape.test(rebuiltFirst))
    return {
      bcrypt: rebuiltFirst,
      input: (password) => createHash('sha256').update(password).digest('base64'),
    }
  const [, rounds = '', salt = '', digest = ''] = passlibSha256.exec(hash) ?? []
  const rebuilt = `$2b$${rounds.padStart(2, '0')}$${salt}${digest}`
  if (!shape.test(rebuilt)) return undefined
  return {
    bcrypt: rebuilt,
    input: (password) => createHmac('sha256', salt).update(password).digest('base64'),
  }
}
