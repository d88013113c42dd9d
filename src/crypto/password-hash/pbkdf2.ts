import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { equalSecrets } from '../equal.ts'
import { base64, fromPasslibBase64, type HashScheme, pbkdf2IterationsMax } from './scheme.ts'

const derive = promisify(pbkdf2)
const passlib = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,8})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/
const werkzeug = /^pbkdf2:(sha1|sha256|sha512)(?::(\d{1,8}))?\$([^$]+)\$([0-9a-f]{32,256})$/
const werkzeugIterations = 150_000 // of versions that did not write them down
const aspNet = /^AQAAAA[A-Za-z0-9+/]{50,200}={0,2}$/
const aspNetDigests = ['sha1', 'sha256', 'sha512']
const django = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]+)\$([A-Za-z0-9+/]+={0,2})$/

const kratos = /^\$pbkdf2-(sha1|sha224|sha256|sha384|sha512)\$i=(\d{1,8}),l=(\d{1,3})\$([^$]+)\$([^$]+)$/
// Kratos makes these two with SHA-3.
const kratosDigests: Readonly<Record<string, string>> = { sha224: 'sha3-224', sha384: 'sha3-384' }

interface Parsed {
  digest: string
  iterations: number
  salt: Buffer
  key: Buffer
}

/** PBKDF2 as passlib, Django, Werkzeug, Kratos and ASP.NET Identity (version 3) write it. */
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
    return checked({
      digest,
      iterations: Number(iterations),
      salt: fromPasslibBase64(salt),
      key: fromPasslibBase64(key),
    })
  }
  const werkzeugMatch = werkzeug.exec(hash)
  if (werkzeugMatch) {
    const [, digest = '', iterations, salt = '', key = ''] = werkzeugMatch
    return checked({
      digest,
      iterations: Number(iterations ?? werkzeugIterations),
      salt: Buffer.from(salt, 'utf8'),
      key: Buffer.from(key, 'hex'),
    })
  }
  const [, kratosDigest = '', rounds, length, kratosSalt = '', kratosKey = ''] = kratos.exec(hash) ?? []
  if (kratosDigest !== '') {
    const [salt, key] = [base64(kratosSalt), base64(kratosKey)]
    if (!salt || key?.length !== Number(length)) return undefined
    const digest = kratosDigests[kratosDigest] ?? kratosDigest
    return checked({ digest, iterations: Number(rounds), salt, key })
  }
  if (aspNet.test(hash)) return parseAspNet(Buffer.from(hash, 'base64'))
  const djangoMatch = django.exec(hash)
  if (!djangoMatch) return undefined
  const [, digest = '', iterations = '', salt = '', key = ''] = djangoMatch
  return checked({
    digest,
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'utf8'),
    key: Buffer.from(key, 'base64'),
  })
}

/** A byte of the version, three numbers (digest, iterations, length of the salt), salt and key. */
function parseAspNet(bytes: Buffer): Parsed | undefined {
  const saltLength = bytes.readUInt32BE(9)
  const digest = aspNetDigests[bytes.readUInt32BE(1)]
  if (!digest || saltLength < 8 || saltLength > bytes.length - 13) return undefined
  const salt = bytes.subarray(13, 13 + saltLength)
  return checked({ digest, iterations: bytes.readUInt32BE(5), salt, key: bytes.subarray(13 + saltLength) })
}

const checked = (parsed: Parsed): Parsed | undefined =>
  parsed.iterations >= 1 &&
  parsed.iterations <= pbkdf2IterationsMax &&
  parsed.key.length >= 16 &&
  parsed.key.length <= 128
    ? parsed
    : undefined
