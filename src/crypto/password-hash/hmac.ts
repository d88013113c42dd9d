import { createHmac } from 'node:crypto'
import { equalSecrets } from '../equal.ts'
import { base64, type HashScheme } from './scheme.ts'

const shape = /^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$([^$]+)\$([^$]+)$/
const hexLengths: Readonly<Record<string, number>> = {
  ...{ md4: 32, md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 },
}
const md4BlockBytes = 64

interface Parsed {
  digest: string
  hex: string
  key: Buffer
}

/** HMAC of the password as Kratos writes it: base64 of the code in hex, and of the key. */
export const hmacScheme: HashScheme = {
  recognises: (hash) => parse(hash) !== undefined,
  async verify(password, hash) {
    const { digest, hex, key } = parse(hash) as Parsed
    const made =
      digest === 'md4'
        ? await hmacMd4(key, Buffer.from(password))
        : createHmac(digest, key).update(password).digest('hex')
    return equalSecrets(made, hex)
  },
}

function parse(hash: string): Parsed | undefined {
  const [, digest = '', code = '', secret = ''] = shape.exec(hash) ?? []
  const [hex, key] = [base64(code)?.toString().toLowerCase() ?? '', base64(secret)]
  const isWhole = hex.length === hexLengths[digest] && /^[0-9a-f]+$/.test(hex)
  return key && isWhole ? { digest, hex, key } : undefined
}

/** RFC 2104 §2 over MD4 (RFC 1320), which OpenSSL no longer has. */
async function hmacMd4(key: Buffer, message: Buffer): Promise<string> {
  const { default: md4 } = await import('js-md4')
  const short = key.length > md4BlockBytes ? Buffer.from(md4.array(key)) : key
  const block = Buffer.concat([short], md4BlockBytes)
  const padded = (mask: number) => block.map((byte) => byte ^ mask)
  const inner = md4.array(Buffer.concat([padded(0x36), message]))
  return md4.hex(Buffer.concat([padded(0x5c), Buffer.from(inner)]))
}
