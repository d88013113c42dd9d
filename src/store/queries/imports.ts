import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { ChainedEvent } from '../../domain/event.ts'
import type { AccountId, ImportId } from '../../domain/id.ts'
import type { IdentifierKind, NormalIdentifier } from '../../domain/identifier.ts'
import type { ImportCounts } from '../../domain/import-report.ts'
import type { Membership } from '../../domain/organisation.ts'
import { columnsOf } from '../columns.ts'
import type { Database, Queryable } from '../database.ts'
import { overPairs } from '../json-list.ts'
import type { Page } from '../page.ts'
import type { SqlValues, Statement } from '../statement.ts'
import { sql } from '../statement.ts'
import { accountColumns } from './accounts.ts'
import { credentialColumns } from './credentials.ts'
import { eventColumns } from './events.ts'
import { membershipColumns } from './memberships.ts'

export const importStates = ['running', 'done', 'failed'] as const

export interface ImportJob {
  id: ImportId
  source: string
  /** Its name, without the path. */
  file: string
  /** SHA-256 of the file and of what the import was asked for. */
  fingerprint: string
  state: (typeof importStates)[number]
  /** How many of its rows are dealt with. */
  position: number
  counts: ImportCounts
  actor: string
  createdAt: number
  updatedAt: number
}

export interface NewRows {
  accounts: readonly AccountWithIdentifiers[]
  /** Beside what the accounts hold: what the eye compares. */
  skeletons: ReadonlyMap<AccountIdentifier, string | null>
  credentials: readonly Credential[]
  memberships: readonly Membership[]
  events(): readonly ChainedEvent[]
}

export interface TakenName {
  kind: IdentifierKind
  value: string
  skeleton: string | null
  accountId: AccountId
  /** It is verified and not suspended, and its account administers nothing. */
  mayBeJoined: boolean
}

type Name = Pick<NormalIdentifier, 'kind' | 'value' | 'skeleton'>

export interface ImportStore {
  /** Throws UniqueViolation while an import of the same file is running. */
  begin(job: ImportJob): Promise<void>
  find(id: ImportId): Promise<ImportJob | undefined>
  findRunning(fingerprint: string): Promise<ImportJob | undefined>
  list(page: Page<ImportId>): Promise<ImportJob[]>
  /** False if another process has moved it, or it is not running. */
  advance(move: {
    id: ImportId
    from: number
    to: number
    counts: ImportCounts
    now: number
  }): Promise<boolean>
  end(end: { id: ImportId; state: 'done' | 'failed'; now: number }): Promise<boolean>
  /** Which of these names, or usernames that look like them, are taken. */
  findTaken(names: readonly Name[]): Promise<TakenName[]>
  /** Which of these accounts are there. */
  findIds(ids: readonly AccountId[]): Promise<AccountId[]>
  /** Which of these are taken within a kind. */
  findLookups(
    lookups: readonly { kind: string; lookup: string }[],
  ): Promise<{ kind: string; lookup: string }[]>
  /** Throws UniqueViolation if a name or a lookup is taken. */
  insert(rows: NewRows): Promise<void>
}

const jobColumns = columnsOf<ImportJob>({
  id: 'plain',
  source: 'plain',
  file: 'plain',
  fingerprint: 'plain',
  state: 'plain',
  position: 'plain',
  counts: 'json',
  actor: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = jobColumns.select()

const insertJob = sql('insertImportJob', `INSERT INTO import_job ${jobColumns.insert}`)
const findJob = sql('findImportJob', `SELECT ${columns} FROM import_job WHERE id = :id`)
const findRunningJob = sql(
  'findRunningImportJob',
  `SELECT ${columns} FROM import_job WHERE fingerprint = :fingerprint AND state = 'running'`,
)
const listJobs = sql(
  'listImportJobs',
  `SELECT ${columns} FROM import_job WHERE id > :after ORDER BY id LIMIT :limit`,
)
const advanceJob = sql(
  'advanceImportJob',
  `UPDATE import_job SET position = :to, counts = :counts, updated_at = :now
    WHERE id = :id AND position = :from AND state = 'running'`,
)
const endJob = sql(
  'endImportJob',
  `UPDATE import_job SET state = :state, updated_at = :now WHERE id = :id AND state = 'running'`,
)

const takenColumns = `i.kind, i.value, i.skeleton, i.account_id AS "accountId",
  CASE WHEN i.verified_at IS NOT NULL AND i.suspended_at IS NULL AND a.role = 'member' THEN 1 ELSE 0 END AS "mayBeJoined"`
const ownedBy = 'JOIN account a ON a.id = i.account_id'
const takenValues = overPairs(
  'findTakenValues',
  (given) =>
    `SELECT ${takenColumns} FROM ${given} n JOIN identifier i ON i.kind = n.kind AND i.value = n.text ${ownedBy}`,
)
const takenSkeletons = overPairs(
  'findTakenSkeletons',
  (given) =>
    `SELECT ${takenColumns} FROM ${given} n JOIN identifier i ON i.kind = n.kind AND i.skeleton = n.text ${ownedBy}`,
)
const takenLookups = overPairs(
  'findTakenLookups',
  (given) =>
    `SELECT c.kind, c.lookup FROM ${given} n JOIN credential c ON c.kind = n.kind AND c.lookup = n.text`,
)

const takenIds = overPairs(
  'findTakenIds',
  (given) => `SELECT a.id FROM ${given} n JOIN account a ON a.id = n.text`,
)

export function importStore(db: Queryable, engine: Database['engine']): ImportStore {
  const { toRow, fromRow, fromRowIfAny } = jobColumns
  const listed = <Found>(
    statement: Record<Database['engine'], Statement>,
    given: readonly [string, string][],
  ) =>
    given.length === 0
      ? Promise.resolve<Found[]>([])
      : db.rows<Found>(statement[engine], { pairs: JSON.stringify(given) })

  return {
    async begin(job) {
      await db.change(insertJob, toRow(job))
    },
    find: async (id) => fromRowIfAny(await db.row(findJob, { id })),
    findRunning: async (fingerprint) => fromRowIfAny(await db.row(findRunningJob, { fingerprint })),
    list: async ({ after, limit }) =>
      (await db.rows<SqlValues>(listJobs, { after: after ?? '', limit })).map(fromRow),
    advance: async ({ counts, ...move }) =>
      (await db.change(advanceJob, { ...move, counts: JSON.stringify(counts) })) === 1,
    end: async (end) => (await db.change(endJob, end)) === 1,
    async findTaken(names) {
      type Taken = Omit<TakenName, 'mayBeJoined'> & { mayBeJoined: number }
      const values = names.map(({ kind, value }): [string, string] => [kind, value])
      const skeletons = names.flatMap(({ kind, skeleton }): [string, string][] =>
        skeleton === null ? [] : [[kind, skeleton]],
      )
      const found = [
        ...(await listed<Taken>(takenValues, values)),
        ...(await listed<Taken>(takenSkeletons, skeletons)),
      ]
      return found.map(({ mayBeJoined, ...one }) => ({ ...one, mayBeJoined: mayBeJoined === 1 }))
    },
    findIds: async (ids) =>
      (
        await listed<{ id: AccountId }>(
          takenIds,
          ids.map((id) => ['', id]),
        )
      ).map(({ id }) => id),
    findLookups: (lookups) =>
      listed(
        takenLookups,
        lookups.map(({ kind, lookup }) => [kind, lookup]),
      ),
    async insert({ accounts, skeletons, credentials, memberships, events }) {
      const write = (table: string, rows: SqlValues[]) => db.insertAll({ table, rows })
      // Each is made while the ones before are written.
      await Promise.all([
        write(
          'account',
          accounts.map(({ identifiers: _, ...account }) => accountColumns.toColumns(account)),
        ),
        write(
          'identifier',
          accounts.flatMap(({ identifiers }) =>
            identifiers.map((identifier) => ({
              kind: identifier.kind,
              value: identifier.value,
              account_id: identifier.accountId,
              display: identifier.display,
              skeleton: skeletons.get(identifier) ?? null,
              verified_at: identifier.verifiedAt,
              suspended_at: identifier.suspendedAt,
              created_at: identifier.createdAt,
            })),
          ),
        ),
        write('credential', credentials.map(credentialColumns.toColumns)),
        write('membership', memberships.map(membershipColumns.toColumns)),
        write('event', events().map(eventColumns.toColumns)),
      ])
    },
  }
}
