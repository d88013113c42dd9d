import type { CredentialId } from './id.ts'

/** A password hash's kind and cost, such as `bcrypt 12`, and why it cannot be verified, if it cannot. */
export interface HashDescription {
  label: string
  fault: 'hash_malformed' | 'hash_unknown' | 'hash_too_costly' | null
}

/** What making a credential of another system's uses. */
export interface ImportingContext {
  credentialId: CredentialId
  sealing: Sealing
  describeHash(hash: string): HashDescription
}

/**
 * Secrets that must be read back. `boundTo` names the credential, so that a sealed value moved to another
 * does not open.
 */
export interface Sealing {
  seal(plain: string, boundTo: CredentialId): string
  open(sealed: string, boundTo: CredentialId): string
}
