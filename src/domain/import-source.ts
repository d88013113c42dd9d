import type { ExportedOrganisation } from './account-export.ts'
import type { ImportedAccount, ImportRow, ImportSkip } from './imported-account.ts'

export const importFormats = ['json', 'csv', 'ldif', 'copy', 'sqlite'] as const
export type ImportFormat = (typeof importFormats)[number]

export type ImportRecord = Readonly<Record<string, unknown>>

export interface ImportContext {
  format: ImportFormat
  /** What the operator gave for `secret`. */
  secret: string | null
  /** What the second file says of this key. */
  beside(key: string): string | undefined
  now: number
}

/** What an import asks the operator for. */
export interface ImportSecret {
  /** As in “Firebase's hash parameters”. */
  what: string
  /** Hashes cannot be verified without it. */
  isRequired: boolean
  /** Throws on text that is none. */
  read(text: string): string
}

/** Another system's files: pure functions of one record. */
export interface ImportSource {
  id: string
  /** For people, such as `Keycloak`. */
  name: string
  formats: readonly ImportFormat[]
  /** True if the record is one of its, by the keys that it has. */
  recognises(record: ImportRecord, format: ImportFormat): boolean
  /** The names of columns in a CSV without a header; undefined if this is no such line. */
  columnsOf?(fields: readonly string[]): readonly string[] | undefined
  secret?: ImportSecret
  /** Whether a file with this end was written to its end. */
  isWhole?(tail: string): boolean
  /** An organisation of a file of our own, which come before the accounts. */
  organisationOf?(record: ImportRecord): ExportedOrganisation | undefined
  /** Of a record in the second file: whose it is, and what to keep of it. */
  side?(record: ImportRecord): { key: string; value: string } | undefined
  /** Undefined for a record that is no user, such as a group, and is not reported. */
  map(
    record: ImportRecord,
    context: ImportContext,
  ): ImportedAccount | { skip: ImportSkip; sourceId: string | null } | undefined
}

/** A file being read from its beginning. */
export interface OpenImportFile {
  format: ImportFormat
  /** Of the file's size; where the reader is. */
  progress(): { bytes: number; of: number }
  rows: AsyncIterable<{ line: number; record: ImportRecord } | { line: number; isMalformed: true }>
}

/** An import, ready to be read. */
export interface OpenImport {
  source: ImportSource
  rows: AsyncIterable<ImportRow>
  /** Of a file of our own. */
  organisations: readonly ExportedOrganisation[]
  /** SHA-256 of the files, and of everything that changes what becomes of their rows. */
  fingerprint: string
  progress(): { bytes: number; of: number }
  close(): void
}

/** Reads files of other systems; `installation.ts` provides it. */
export interface ImportFiles {
  /** Throws `invalid_fields` if it is not known which system the file is from. */
  detect(path: string, given: { from: string | null; encoding: string | null }): Promise<ImportSource>
  /** `options`: what else the import was asked for. Throws `invalid_fields`. */
  open(
    path: string,
    given: {
      from: string | null
      encoding: string | null
      secret: string | null
      /** A second file. */
      beside: string | null
      options: unknown
    },
  ): Promise<OpenImport>
}
