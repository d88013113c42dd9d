import { createPublicKey } from 'node:crypto'
import { decodePartialCBOR } from '@levischuck/tiny-cbor'
import { ed25519 } from '@noble/curves/ed25519.js'

/** COSE: ES256, EdDSA, RS256 (RFC 9053 §2). */
export const algorithms = [-7, -8, -257]

type Cose = Map<unknown, unknown>

// RFC 9052 §7.1; what the negative ones mean depends on the type
const [kty, alg, first, second, third] = [1, 3, -1, -2, -3]
const [okp, ec2, rsa] = [1, 2, 3]
const [p256, edwards25519] = [1, 6]
const [rsaBitsMin, rsaBitsMax] = [2048, 8192] // RFC 7518 §3.3; beyond that a verification costs too much
const rsaExponentMax = 2n ** 32n

/**
 * What is wrong with a COSE public key; undefined if its algorithm can use it (RFC 9053 §7). With a weak key
 * anyone could sign. Never throws.
 */
export function keyFault(bytes: Uint8Array): string | undefined {
  try {
    const key = wellFormed(bytes)
    if (!(key instanceof Map)) return 'key_malformed'
    return parameterFault(key)
  } catch {
    return 'key_malformed'
  }
}

/** Whether the bytes are one CBOR item without trailing data (RFC 8949 §5.3.1). Never throws. */
export function isWellFormed(bytes: Uint8Array): boolean {
  try {
    wellFormed(bytes)
    return true
  } catch {
    return false
  }
}

/** What an attestation statement holds (WebAuthn Level 3 §6.5.4). Throws on what is none. */
export function attestationStatementOf(bytes: Uint8Array): Cose {
  const statement = (wellFormed(bytes) as Cose).get('attStmt')
  if (!(statement instanceof Map)) throw new TypeError('there is no attestation statement')
  return statement
}

function wellFormed(bytes: Uint8Array): unknown {
  const [value, length] = decodePartialCBOR(new Uint8Array(bytes), 0)
  if (length !== bytes.length) throw new RangeError('bytes are left over')
  return value
}

function parameterFault(key: Cose): string | undefined {
  switch (key.get(alg)) {
    case -7:
      return ellipticFault(key)
    case -8:
      return edwardsFault(key)
    case -257:
      return rsaFault(key)
    default:
      return 'key_algorithm'
  }
}

function ellipticFault(key: Cose): string | undefined {
  const [x, y] = [bytesOf(key, second), bytesOf(key, third)]
  if (key.get(kty) !== ec2 || key.get(first) !== p256 || x.length !== 32 || y.length !== 32) return 'key_type'
  // Refuses a point that is not on the curve.
  createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') },
    format: 'jwk',
  })
  return undefined
}

function rsaFault(key: Cose): string | undefined {
  const [modulus, exponent] = [bytesOf(key, first), bytesOf(key, second)]
  if (key.get(kty) !== rsa) return 'key_type'
  const [n, e] = [toNumber(modulus), toNumber(exponent)]
  const bits = n.toString(2).length
  const isStrong =
    bits >= rsaBitsMin &&
    bits <= rsaBitsMax &&
    n % 2n === 1n &&
    e >= 3n &&
    e % 2n === 1n &&
    e < rsaExponentMax
  if (!isStrong) return 'key_weak'
  createPublicKey({
    key: { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') },
    format: 'jwk',
  })
  return undefined
}

/**
 * RFC 8032 §5.1.3: canonical encoding, on the curve, and not a small-order point, for which a signature fits
 * any message.
 */
function edwardsFault(key: Cose): string | undefined {
  const x = bytesOf(key, second)
  if (key.get(kty) !== okp || key.get(first) !== edwards25519 || x.length !== 32) return 'key_type'
  // throws on what is not on the curve, or spelt otherwise
  return ed25519.Point.fromBytes(x).isSmallOrder() ? 'key_weak' : undefined
}

function bytesOf(key: Cose, label: number): Buffer {
  const value = key.get(label)
  if (!(value instanceof Uint8Array)) throw new TypeError('a part of the key is no bytes')
  return Buffer.from(value)
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`)
