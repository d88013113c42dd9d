import type { ExportedAccount } from './account-export.ts'
import type { Connection } from './connection.ts'
import type { IdentifierKind } from './identifier.ts'

/** What another system keeps of a way to sign in. */
export type ImportedCredential =
  /**
   * `secret`: what that system added to each password, if the hash does not hold it. `isAsked`: there is no
   * hash, and that system is asked.
   */
  | { type: 'password-hash'; hash: string; secret: string | null; isAsked?: true }
  /** `secret` in base32 (RFC 4648 §6); `periodSeconds` as RFC 6238 §5.2. */
  | { type: 'authenticator'; secret: string; algorithm: string; digits: number; periodSeconds: number }
  /** An account at an upstream provider, by the name that the other system has for the provider. */
  | { type: 'identity'; provider: string; issuer: string | null; subject: string }

/** The same, where a connection stands for the provider. */
export type ImportableCredential =
  | Exclude<ImportedCredential, { type: 'identity' }>
  | { type: 'identity'; connection: Connection; issuer: string; subject: string; email: string | null }

/** What of a row is not imported, or not as it was; the row's account is. */
export const importWarnings = [
  'email_malformed',
  'username_malformed',
  'username_lookalike',
  'phone_malformed',
  'second_address',
  'hash_malformed',
  'hash_unknown',
  'hash_too_costly',
  'hash_needs_secret',
  'password_clear_text',
  'password_must_change',
  'password_elsewhere',
  'authenticator_malformed',
  'authenticator_unsupported',
  'passkey_left_out',
  'identity_without_connection',
  'identity_taken',
  'directory_user',
  'was_administrator',
  'groups_left_out',
  'was_locked',
  'identifier_malformed',
  'credential_left_out',
] as const
export type ImportWarning = (typeof importWarnings)[number]

/** Why a row is not imported. */
export const importSkips = [
  'malformed_record',
  'no_identifier',
  'identifier_taken',
  'same_as_earlier_line',
  'service_account',
  'anonymous',
  'deleted',
] as const
export type ImportSkip = (typeof importSkips)[number]

export interface ImportedAccount {
  /** Its id in the other system. */
  sourceId: string | null
  identifiers: readonly { kind: IdentifierKind; text: string; isVerified: boolean }[]
  name: string | null
  /** A language tag (RFC 5646); null if the other system does not say. */
  locale: string | null
  isDisabled: boolean
  /** Milliseconds since the epoch. */
  createdAt: number | null
  credentials: readonly ImportedCredential[]
  /** Of the other system, without their paths. */
  groups: readonly string[]
  warnings: readonly ImportWarning[]
  /** Everything there is, of a file of our own. */
  own: ExportedAccount | null
}

/** One record of a file. `line`: where it begins, or its place where there are no lines; from 1. */
export type ImportRow = { line: number } & (
  | { account: ImportedAccount }
  | { skip: ImportSkip; sourceId: string | null }
)
