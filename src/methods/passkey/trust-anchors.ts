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

/** The makers of authenticators whose word is taken for what model one is. */
export interface TrustAnchors {
  /** PEM. */
  certificates: readonly string[]
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const read = new Map<string, TrustAnchors>()

/** From the file that is named; null where none is. Read once. Throws where it holds no certificates. */
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
 * A list of models holds only where makers vouch for them: anybody may claim to be one. Pure but for the
 * file.
 */
export function settingsFaults({ attestation, authenticators, trustAnchors }: Settings): string[] {
  const lists = authenticators.trim() !== ''
  if (lists && attestation !== 'direct')
    return [
      'a list of models needs attestation `direct`: otherwise authenticators say of no model that it is theirs',
    ]
  if (lists && trustAnchors === '')
    return [
      'a list of models needs trust anchors: without the certificates of their makers anything may claim to be one of them',
    ]
  try {
    trustAnchorsOf({ trustAnchors })
    return []
  } catch (error) {
    return [`trust anchors: ${(error as Error).message}`]
  }
}
