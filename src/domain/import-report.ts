import type { Assurance } from './assurance.ts'
import type { ImportSkip, ImportWarning } from './imported-account.ts'

export const importOutcomes = ['new', 'joined', 'skipped'] as const
export type ImportOutcome = (typeof importOutcomes)[number]

/** What a first sign-in asks of an account, or why it cannot sign in. */
export type Outlook = Assurance | 'locked_out' | 'disabled'

/** What becomes of one row. */
export interface ImportLine {
  /** Where the row begins, from 1. */
  line: number
  sourceId: string | null
  /** The first identifier, as it was written; null if there is none. */
  identifier: string | null
  outcome: ImportOutcome
  reason: ImportSkip | null
  /** What the reason is about: the line before it, or the account that has the name. */
  about: string | null
  warnings: readonly ImportWarning[]
  /** Of its password, such as `bcrypt 12`. */
  hash: string | null
  /** Of a new account, where a policy is rehearsed. */
  outlook?: Outlook
}

/** How many rows had which outcome, and which of everything else. */
export interface ImportCounts {
  rows: number
  new: number
  joined: number
  skipped: number
  reasons: Partial<Record<ImportSkip, number>>
  warnings: Partial<Record<ImportWarning, number>>
  /** By kind and cost. */
  hashes: Record<string, number>
  /** Of new accounts, where a policy is rehearsed. */
  outlooks?: Partial<Record<Outlook, number>>
}

export const noCounts = (): ImportCounts => ({
  ...{ rows: 0, new: 0, joined: 0, skipped: 0 },
  ...{ reasons: {}, warnings: {}, hashes: {} },
})

const added = <Key extends string>(counts: Partial<Record<Key, number>>, key: Key) => {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Counts one more line. */
export function count(counts: ImportCounts, line: ImportLine): void {
  const { outcome, reason, warnings, hash, outlook } = line
  counts.rows++
  counts[outcome]++
  if (reason) added(counts.reasons, reason)
  for (const warning of warnings) added(counts.warnings, warning)
  if (hash !== null) added(counts.hashes, hash)
  if (outlook) {
    counts.outlooks ??= {}
    added(counts.outlooks, outlook)
  }
}
