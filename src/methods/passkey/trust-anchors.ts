import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Settings } from './schema.ts'

/** WebAuthn Level 3 §8: formats whose statements carry certificates. */
export const attestationFormats = [
  'packed',
  'fido-u2f',
  'tpm',
  'android-key',
  'android-safetynet',
  'apple',
] as const

/** The root certificates of trusted authenticator vendors (attestation). */
export interface TrustAnchors {
  /** PEM. */
  certificates: readonly string[]
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const read = new Map<string, TrustAnchors>()

/** From the given file; null if none is set. Read once. Throws if it holds no certificates. */
export function trustAnchorsOf({ trustAnchors: path }: Pick<Settings, 'trustAnchors'>): TrustAnchors | null {
  if (path === '') return null
  const known = read.get(path)
  if (known) return known
  const certificates = readFileSync(path, 'utf8').match(block) ?? []
  if (certificates.length === 0) throw new Error(`${path} holds no certificates`)
  for (const certificate of certificates) new X509Certificate(certificate) // throws on what is none
  const anchors = { certificates }
  read.set(path, anchors)
  return anchors
}

/**
 * A list of allowed models needs attestation: without it, any authenticator can claim to be one. Pure except
 * for the file.
 */
export function settingsFaults({ attestation, authenticators, trustAnchors }: Settings): string[] {
  const lists = authenticators.trim() !== ''
  if (lists && attestation !== 'direct')
    return ['a list of models needs attestation `direct`: otherwise authenticators do not attest their model']
  if (lists && trustAnchors === '')
    return [
      'a list of models needs trust anchors: without the vendors’ certificates any authenticator can claim to be one of them',
    ]
  try {
    trustAnchorsOf({ trustAnchors })
    return []
  } catch (error) {
    return [`trust anchors: ${(error as Error).message}`]
  }
}
