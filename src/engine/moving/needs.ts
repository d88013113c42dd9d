import type { Connection } from '../../domain/connection.ts'
import type { OrganisationId } from '../../domain/id.ts'
import type { ImportFiles } from '../../domain/import-source.ts'
import type { ImportRow } from '../../domain/imported-account.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { PolicyDocument } from '../../domain/policy-document.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { OrganisationNeeds, OrganisationTables } from '../organisations/needs.ts'

export type MovingTables = OrganisationTables | 'imports'
export type MovingTransaction = Some<MovingTables>

/** What moving accounts in and out uses. */
export interface MovingNeeds extends Omit<OrganisationNeeds, 'store'> {
  store: StoreOf<MovingTables>
  importFiles: ImportFiles
}

/** What an import was asked for. */
export interface ImportRequest {
  /** The id of the system. */
  source: string
  /** The name of the file, without its path. */
  file: string
  /** SHA-256 of the file and of everything that changes what becomes of its rows. */
  fingerprint: string
  rows: AsyncIterable<ImportRow>
  /** All become members; groups become roles. */
  organisation: Organisation | null
  /** By the name that the other system has for the provider. */
  connections: ReadonlyMap<string, Connection>
  /** Their ids by their slugs, for files of our own. */
  organisations: ReadonlyMap<string, OrganisationId>
  /** Operators, helpers and auditors of a file of our own stay what they were. */
  keepsRoles: boolean
  /**
   * A row whose verified address an account has verified too adds to that account what it lacks, unless the
   * account administers the server.
   */
  joins: boolean
  /** Who brings no password is asked for the one there. */
  asksOldSystem: boolean
  /** Of a dry run: under which policy the accounts would sign in. */
  policy?: PolicyDocument
  actor: string
}
