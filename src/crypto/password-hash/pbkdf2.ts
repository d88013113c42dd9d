import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { equalSecrets } from '../equal.ts'
import { fromPasslibBase64, type HashScheme, pbkdf2IterationsMax } from './scheme.ts'

const derive = promisify(pbkdf2)
const passlib = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,8})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/
const django = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]+)\$([A-Za-z0-9+/]+={0,2})$/

interface Parsed {
  digest: string
  iterations: number
  salt: Buffer
  key: Buffer
}

/** PBKDF2 as passlib and as Django write it. */
export const pbkdf2Scheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const { digest, iterations, salt, key } = parse(hash) as Parsed
    return equalSecrets(await derive(password, salt, iterations, key.length, digest), key)
  },
}

function parse(hash: string): Parsed | undefined {
  const passlibMatch = passlib.exec(hash)
  if (passlibMatch) {
    const [, digest = 'sha1', iterations = '', salt = '', key = ''] = passlibMatch
    return checked({ digest, iterations: Number(iterations), salt: fromPasslibBase64(salt), key: fromPasslibBase64(key) })
  }
  const djangoMatch = django.exec(hash)
  if (!djangoMatch) return undefined
  const [, digest = '', iterations = '', salt = '', key = ''] = djangoMatch
  return checked({ digest, iterations: Number(iterations), salt: Buffer.from(salt, 'utf8'), key: Buffer.from(key, 'base64') })
}

const checked = (parsed: Parsed): Parsed | undefined =>
  parsed.iterations >= 1 && parsed.iterations <= pbkdf2IterationsMax && parsed.key.length >= 16 && parsed.key.length <= 128
    ? parsed
    : undefined
