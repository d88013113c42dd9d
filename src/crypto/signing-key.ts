import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { SigningAlgorithm } from '../domain/signing-key.ts'

const rsaModulusBits = 2048 // RFC 7518 §3.3, the least allowed
const generate = promisify(generateKeyPair)

export interface GeneratedSigningKey {
  kid: string
  publicJwk: Record<string, unknown>
  /** PKCS #8 PEM; to be sealed at once. */
  privatePem: string
}

/** A fresh key pair; `kid` is its RFC 7638 thumbprint, so that the same key never has two names. */
export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<GeneratedSigningKey> {
  const { privateKey, publicKey } = await generatePair(algorithm)
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return {
    kid,
    publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** Throws on what is no key, and on an RSA key below what RFC 7518 §3.3 allows. */
export function publicKeyOf(jwk: Record<string, unknown>): KeyObject {
  const key = createPublicKey({ key: jwk as JWK, format: 'jwk' })
  const { modulusLength = rsaModulusBits, publicExponent = 65_537n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < rsaModulusBits || publicExponent < 3n) throw new RangeError('the RSA key is too weak')
  return key
}

/** `privatePem` is PKCS #8. */
export const privateJwkOf = (privatePem: string): Record<string, unknown> => ({
  ...createPrivateKey(privatePem).export({ format: 'jwk' }),
})

function generatePair(algorithm: SigningAlgorithm): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (algorithm) {
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' })
    case 'EdDSA':
      return generate('ed25519')
    case 'RS256':
      return generate('rsa', { modulusLength: rsaModulusBits })
  }
}
