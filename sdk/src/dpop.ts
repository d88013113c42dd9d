import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto'
import { TokenError } from './errors.ts'
import { isSignedBy, type VerificationKey } from './jws.ts'

const proofSeconds = 60
const proofsMax = 100_000

/** The proof and the request (RFC 9449 §7.1). */
export interface DpopProof {
  proof: string
  method: string
  /** The full URL; query and fragment are ignored. */
  url: string
}

/** Checks DPoP proofs; each is accepted once by this process. */
export function createProofCheck(
  now: () => number,
): (given: DpopProof & { token: string; thumbprint: string }) => void {
  const seen = new Map<string, number>()

  return ({ proof, method, url, token, thumbprint }) => {
    const refuse = (): never => {
      throw new TokenError('proof')
    }
    const { header, payload, jws } = parse(proof) ?? refuse()
    const { jwk } = header
    const key = keyOf(jwk, header.alg) ?? refuse()
    if (header.typ !== 'dpop+jwt' || thumbprintOf(jwk as JsonWebKey) !== thumbprint || !isSignedBy(jws, key))
      refuse()
    const { htm, htu, iat, jti, ath } = payload
    const seconds = now() / 1000
    if (htm !== method || !isSameUrl(htu, url) || ath !== hashOf(token)) refuse()
    if (
      typeof iat !== 'number' ||
      Math.abs(seconds - iat) > proofSeconds ||
      typeof jti !== 'string' ||
      jti.length > 256
    )
      refuse()
    for (const [old, until] of seen) {
      if (until > seconds && seen.size < proofsMax) break
      seen.delete(old)
    }
    const name = hashOf(`${thumbprint}.${jti}`)
    if (seen.has(name)) refuse()
    seen.set(name, seconds + 2 * proofSeconds)
  }
}

type Json = Record<string, unknown>

function parse(proof: string) {
  const parts = proof.length < 8192 ? proof.split('.') : []
  if (parts.length !== 3) return undefined
  try {
    const [header, payload] = parts
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json) as [Json, Json]
    const signingInput = proof.slice(0, proof.lastIndexOf('.'))
    const signature = Buffer.from(parts[2] as string, 'base64url')
    return {
      header,
      payload,
      jws: { alg: String(header.alg), kid: '', typ: '', payload: Buffer.alloc(0), signingInput, signature },
    }
  } catch {
    return undefined
  }
}

function keyOf(jwk: unknown, algorithm: unknown): VerificationKey | undefined {
  if (
    typeof jwk !== 'object' ||
    jwk === null ||
    'd' in jwk ||
    (algorithm !== 'ES256' && algorithm !== 'EdDSA')
  )
    return undefined
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const fits =
      algorithm === 'ES256'
        ? key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
        : key.asymmetricKeyType === 'ed25519'
    return fits ? { algorithm, key } : undefined
  } catch {
    return undefined
  }
}

/** RFC 7638. */
function thumbprintOf({ kty, crv, x, y }: JsonWebKey): string {
  return hashOf(JSON.stringify(kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }))
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

function isSameUrl(given: unknown, url: string): boolean {
  const [one, other] = [URL.parse(String(given)), URL.parse(url)]
  return one !== null && other !== null && one.origin === other.origin && one.pathname === other.pathname
}
