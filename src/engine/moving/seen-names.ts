import type { Credential } from '../../domain/credential.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import type { PreparedRow } from './prepare-account.ts'

/** Names and identities that earlier rows of the file have. */
export interface SeenNames {
  /** The line of an earlier row with one of the row's names, or with the id that it keeps. */
  lineWithName(row: PreparedRow): number | undefined
  looksAlike(name: NormalIdentifier): boolean
  hasCredential(credential: Credential): boolean
  claim(row: PreparedRow, names: Iterable<NormalIdentifier>, credentials: readonly Credential[]): void
}

const nameKey = ({ kind, value }: NormalIdentifier): string => `${kind} ${value}`
const lookKey = ({ kind, skeleton }: NormalIdentifier): string => `${kind} looks ${skeleton}`
const credentialKey = ({ kind, lookup }: Credential): string => `credential ${kind} ${lookup}`

/** `kept`: line by name; a `Map` of one batch, or more than fits into memory. */
export function createSeenNames(kept: {
  get(key: string): string | undefined
  set(key: string, value: string): unknown
}): SeenNames {
  return {
    lineWithName(row) {
      const keys = [...row.names.values()].map(nameKey)
      if (row.isOwn) keys.push(row.account.id)
      const line = keys.map((key) => kept.get(key)).find((found) => found !== undefined)
      return line === undefined ? undefined : Number(line)
    },
    looksAlike: (name) => name.skeleton !== null && kept.get(lookKey(name)) !== undefined,
    hasCredential: (credential) =>
      credential.lookup !== null && kept.get(credentialKey(credential)) !== undefined,
    claim({ line, account, isOwn }, names, credentials) {
      if (isOwn) kept.set(account.id, String(line))
      for (const name of names) {
        kept.set(nameKey(name), String(line))
        if (name.skeleton !== null) kept.set(lookKey(name), String(line))
      }
      for (const credential of credentials)
        if (credential.lookup !== null && credential.lookup !== account.id)
          kept.set(credentialKey(credential), String(line))
    },
  }
}
