import type { AccountId, CredentialId } from './id.ts'

/**
 * What an account can prove itself with. One row in one table, whatever its method; `kind` is the method's
 * id.
 */
export interface Credential<Data = unknown> {
  id: CredentialId
  accountId: AccountId
  kind: string
  /** Finds the credential without an account; unique within a kind. */
  lookup: string | null
  name: string | null
  data: Data
  /** A change names the revision it was made from; one that lost a race changes nothing. */
  revision: number
  createdAt: number
  lastUsedAt: number | null
  /** Wrong answers since the last right one. */
  failures: number
  /** Set where there were too many; another credential of the account brings it back. */
  disabledAt: number | null
  /** Set where the owner has yet to say whether it is theirs; until then it proves nothing. */
  suspendedAt: number | null
}

export interface NewCredential<Data = unknown> {
  /** Where something in its data is sealed to it. */
  id?: CredentialId
  lookup: string | null
  name: string | null
  data: Data
}

export interface CredentialUpdate<Data = unknown> {
  id: CredentialId
  revision: number
  data: Data
  /** `must`: the proof is void where the credential was changed meanwhile. `may`: only the update is lost. */
  win: 'must' | 'may'
  /** It changes nothing that the owner sees, and is not in the audit log. */
  isQuiet?: boolean
}
