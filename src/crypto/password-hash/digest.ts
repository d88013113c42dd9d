import { createHash } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import { base64, type HashScheme } from './scheme.ts'

const digestBytes: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 }
/** Kratos: how salt and password are put together, the salt, and the digest, each in base64. */
const formatted = /^\$(md5|sha1|sha256|sha512)\$pf=([^$]+)\$([^$]*)\$([^$]+)$/
const bare = /^\$(md5|sha1|sha256|sha512)\$([^$]+)$/
const django = /^(md5|sha1)\$([^$]*)\$([0-9a-f]{32}|[0-9a-f]{40})$/
const directory = /^\{(MD5|SMD5|SHA)\}([A-Za-z0-9+/]{20,200}={0,2})$/i
const saltMark = '{SALT}'
const passwordMark = '{PASSWORD}'
const formatBytesMax = 256

interface Parsed {
  digest: string
  salt: Buffer
  /** Text with the two marks. */
  format: string
  kept: Buffer
}

/**
 * One digest of salt and password, as old systems kept it. Fast to guess, so it is only accepted to be
 * upgraded.
 */
export const digestScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const { digest, salt, format, kept } = parse(hash) as Parsed
    const made = createHash(digest)
    // Split at the marks, so that a password that contains one stays what it is.
    for (const part of format.split(/(\{SALT\}|\{PASSWORD\})/))
      made.update(part === saltMark ? salt : part === passwordMark ? password : part)
    return equalSecrets(made.digest(), kept)
  },
}

function parse(hash: string): Parsed | undefined {
  const [, digest = '', format = '', salt = '', kept = ''] = formatted.exec(hash) ?? []
  if (digest !== '') {
    const text = base64(format)?.toString() ?? ''
    const isFormat = text.length <= formatBytesMax && text.includes(passwordMark)
    return isFormat ? checked(digest, base64(salt), text, base64(kept)) : undefined
  }
  const [, bareDigest = '', bareKept = ''] = bare.exec(hash) ?? []
  if (bareDigest !== '') return checked(bareDigest, Buffer.alloc(0), passwordMark, base64(bareKept))
  const [, djangoDigest = '', djangoSalt = '', hex = ''] = django.exec(hash) ?? []
  if (djangoDigest !== '')
    return checked(djangoDigest, Buffer.from(djangoSalt), saltMark + passwordMark, Buffer.from(hex, 'hex'))
  const [, name = '', text = ''] = directory.exec(hash) ?? []
  if (name === '') return undefined
  const [bytes, theirs] = [Buffer.from(text, 'base64'), /md5/i.test(name) ? 'md5' : 'sha1']
  const length = digestBytes[theirs] as number
  const isSalted = name.toUpperCase() === 'SMD5'
  if (isSalted !== bytes.length > length) return undefined
  return checked(theirs, bytes.subarray(length), passwordMark + saltMark, bytes.subarray(0, length))
}

const checked = (
  digest: string,
  salt: Buffer | undefined,
  format: string,
  kept: Buffer | undefined,
): Parsed | undefined =>
  salt && kept && kept.length === digestBytes[digest] ? { digest, salt, format, kept } : undefined
