import { type KeyObject, verify as verifySignature } from 'node:crypto'
import { toDerSignature } from './ecdsa-signature.ts'

export interface VerificationKey {
  algorithm: 'ES256' | 'EdDSA' | 'RS256'
  key: KeyObject
}

export interface ParsedJws {
  kid: string
  alg: string
  typ: string
  payload: Buffer
  signingInput: string
  signature: Buffer
}

type Header = Pick<ParsedJws, 'kid' | 'alg' | 'typ'>
const headers = new Map<string, Header>()
const headersKept = 64

const compact = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/
const lengthMax = 16 * 1024

/** Compact JWS (RFC 7515 §7.1); undefined if it is malformed, or has `crit` or `b64`. */
export function parseJws(token: string, lengthAllowed = lengthMax): ParsedJws | undefined {
  if (token.length > lengthAllowed) return undefined
  const parts = compact.exec(token)
  if (!parts) return undefined
  const [, head = '', body = '', signature = ''] = parts
  const header = headers.get(head) ?? readHeader(head)
  if (!header) return undefined
  return {
    ...header,
    payload: Buffer.from(body, 'base64url'),
    signingInput: token.slice(0, token.lastIndexOf('.')),
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** All tokens of one key have the same header. */
function readHeader(head: string): Header | undefined {
  let header: Record<string, unknown>
  try {
    header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof header !== 'object' || header === null || header.crit !== undefined || header.b64 !== undefined)
    return undefined
  const { kid, alg, typ } = header
  if (typeof kid !== 'string' || typeof alg !== 'string' || typeof typ !== 'string') return undefined
  const read = { kid, alg, typ: typ.toLowerCase().replace(/^application\//, '') }
  if (headers.size < headersKept && head.length < 512) headers.set(head, read)
  return read
}

/** The header's algorithm must be the key's own (RFC 8725 §3.1). */
export function isSignedBy(
  { alg, signingInput, signature }: ParsedJws,
  { algorithm, key }: VerificationKey,
): boolean {
  if (alg !== algorithm) return false
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  const bytes = algorithm === 'ES256' ? toDerSignature(signature) : signature
  return bytes !== undefined && verifySignature(digest, Buffer.from(signingInput, 'ascii'), key, bytes)
}
