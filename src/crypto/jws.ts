import { type KeyObject, verify } from 'node:crypto'
import type { SigningAlgorithm } from '../domain/signing-key.ts'
import { toDerSignature } from './ecdsa-signature.ts'

/** Why a compact JWS was not accepted; for logs and tests, never for the sender. */
export type JwsFault =
  | 'malformed'
  | 'header'
  | 'algorithm'
  | 'type'
  | 'critical'
  | 'unknown_key'
  | 'signature'

export interface VerificationKey {
  kid: string
  algorithm: SigningAlgorithm
  publicKey: KeyObject
}

export type VerifiedJws = { ok: true; payload: Buffer } | { ok: false; fault: JwsFault }

interface Header {
  alg: unknown
  typ?: unknown
  kid?: unknown
  crit?: unknown
  b64?: unknown
}

// Stricter than Node's decoder: a token has one spelling (RFC 7515 §2, no padding, no white space, no spare
// bits).
const compact = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]+)$/
const tokenLengthMax = 8192
const headersKept = 64

type SignatureCheck = (input: string, signature: string) => boolean

/**
 * Verifies compact JWS (RFC 7515 §5.2) against known keys only. The header's `alg` must be the key's own,
 * `jku`, `x5u` and `jwk` are ignored, and any `crit` or `b64` is refused, since none is understood here.
 * Never throws.
 */
export function createJwsVerifier({
  type,
  keys,
}: {
  type: string | null
  keys: readonly VerificationKey[]
}): (token: string) => VerifiedJws {
  const byKid = new Map(keys.map((key) => [key.kid, { key, check: signatureCheck(key) }]))
  const accepted = new Map<string, { check: SignatureCheck }>()

  return (token) => {
    const parts = token.length <= tokenLengthMax ? compact.exec(token) : null
    if (!parts) return { ok: false, fault: 'malformed' }
    const [, header, payload, signature] = parts as unknown as [string, string, string, string]
    let entry = accepted.get(header)
    if (!entry) {
      const parsed = parseHeader(header)
      const found = parsed && byKid.get(String(parsed.kid))
      const fault = headerFault(parsed, type) ?? (found === undefined ? 'unknown_key' : undefined)
      if (fault || !parsed || !found) return { ok: false, fault: fault ?? 'header' }
      if (parsed.alg !== found.key.algorithm) return { ok: false, fault: 'algorithm' }
      entry = found
      if (accepted.size < headersKept) accepted.set(header, found)
    }
    if (!isCanonical(signature) || !isCanonical(payload)) return { ok: false, fault: 'malformed' }
    if (!entry.check(token.slice(0, token.lastIndexOf('.')), signature))
      return { ok: false, fault: 'signature' }
    return { ok: true, payload: Buffer.from(payload, 'base64url') }
  }
}

function headerFault(header: Header | undefined, type: string | null): JwsFault | undefined {
  if (!header) return 'header'
  if (header.crit !== undefined || header.b64 !== undefined) return 'critical'
  if (typeof header.kid !== 'string') return 'unknown_key'
  if (type === null) return undefined
  // RFC 7515 §4.1.9: the media type may be spelt with its prefix and in any case.
  const given = typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : ''
  return given === type ? undefined : 'type'
}

function parseHeader(encoded: string): Header | undefined {
  if (!isCanonical(encoded)) return undefined
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64url')),
    )
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Header)
      : undefined
  } catch {
    return undefined
  }
}

/** Only the last character can hold spare bits; they must be zero. */
function isCanonical(encoded: string): boolean {
  const tail = encoded.slice(-(encoded.length % 4 || 4))
  return encoded.length % 4 !== 1 && Buffer.from(tail, 'base64url').toString('base64url') === tail
}

function signatureCheck({ algorithm, publicKey }: VerificationKey): SignatureCheck {
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  return (input, signature) => {
    const joined = Buffer.from(signature, 'base64url')
    const bytes = algorithm === 'ES256' ? toDerSignature(joined) : joined
    return bytes !== undefined && verify(digest, Buffer.from(input, 'ascii'), publicKey, bytes)
  }
}
