import { parameterOf, type Row } from './bulk-insert.ts'
import type { Database, Queryable, ScriptRunner } from './database.ts'
import { type AppliedMigration, listApplied } from './migrate.ts'
import { type SqlValue, type Statement, sql } from './statement.ts'

interface Table {
  name: string
  /** A unique index to walk along. */
  key: readonly string[]
}

/** In the order of their foreign keys. Grants are included so that clients can be told that they ended. */
const tables: readonly Table[] = [
  { name: 'fact', key: ['name'] },
  { name: 'account', key: ['id'] },
  { name: 'identifier', key: ['account_id', 'kind'] },
  { name: 'credential', key: ['id'] },
  { name: 'session', key: ['id'] },
  { name: 'revocation', key: ['subject'] },
  { name: 'client', key: ['id'] },
  { name: 'organisation', key: ['id'] },
  { name: 'organisation_domain', key: ['organisation_id', 'domain'] },
  { name: 'membership', key: ['organisation_id', 'account_id'] },
  { name: 'scim_token', key: ['id'] },
  { name: 'scim_user', key: ['id'] },
  { name: 'scim_group', key: ['id'] },
  { name: 'scim_group_member', key: ['group_id', 'user_id'] },
  { name: 'connection', key: ['id'] },
  { name: 'saml_application', key: ['id'] },
  { name: 'saml_participant', key: ['session_id', 'application_id'] },
  { name: 'consent', key: ['account_id', 'client_id'] },
  { name: 'client_grant', key: ['id'] },
  { name: 'logout_notice', key: ['grant_id'] },
  { name: 'counter', key: ['name'] },
  { name: 'attempt', key: ['id'] },
  { name: 'ticket', key: ['id'] },
  { name: 'signing_key', key: ['kid'] },
  { name: 'event', key: ['id'] },
  { name: 'audit_head', key: ['name'] },
]
/** Tables that are not backed up, and why. A test fails for a new table that is in neither list. */
const leftOut: Readonly<Record<string, string>> = {
  throttle: 'counters of rate limits; they start again',
  import_job: 'positions in files that the restored server does not have',
  outbox: 'queued messages; the backed-up server sends them',
  client_artifact: 'short-lived codes and tokens of clients; a restore ends their sessions',
  schema_migration: 'the backup names its migrations at its end',
}
export const tablesInBackup = { kept: tables.map(({ name }) => name), leftOut: Object.keys(leftOut) }

const rowsPerPage = 500

const walks = tables.map(({ name, key }) => {
  const [columns, values] = [key.join(', '), key.map((column) => `:${parameterOf(column)}`).join(', ')]
  return {
    name,
    key,
    page: sql(
      `dump_${name}`,
      `SELECT * FROM ${name} WHERE (${columns}) > (${values}) ORDER BY ${columns} LIMIT :limit`,
    ),
    clear: sql(`clear_${name}`, `DELETE FROM ${name}`),
  }
})

/** Every row of the backed-up tables, from one snapshot, while others continue to write. */
export function dumpRows(
  database: Database,
  take: (line: { table: string; row: Row }) => Promise<void> | undefined,
): Promise<{ migrations: AppliedMigration[]; rows: number }> {
  return database.snapshot(async (view) => {
    const migrations = await view.rows<AppliedMigration>(listApplied)
    let rows = 0
    for (const walk of walks) {
      let after: Row = Object.fromEntries(walk.key.map((column) => [parameterOf(column), '']))
      for (let page: Row[] = []; ; ) {
        page = await view.rows<Row>(walk.page, { ...after, limit: rowsPerPage })
        for (const row of page) {
          const taking = take({ table: walk.name, row })
          if (taking) await taking
        }
        rows += page.length
        const last = page.at(-1)
        if (!last || page.length < rowsPerPage) break
        after = Object.fromEntries(walk.key.map((column) => [parameterOf(column), last[column] as SqlValue]))
      }
    }
    return { migrations, rows }
  })
}

export interface Restorer {
  clear(): Promise<void>
  put(line: { table: string; row: Row }): Promise<void> | undefined
  /** Writes what was put last. */
  flush(): Promise<void>
}

const rowsPerInsert = 500

interface Index {
  name: string
  definition: string
}

const tableNames = tables.map(({ name }) => `'${name}'`).join(', ')
const indexes: Readonly<Record<Database['engine'], Statement>> = {
  sqlite: sql(
    'indexesOfSqlite',
    `SELECT name, sql AS "definition" FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${tableNames})`,
  ),
  postgres: sql(
    'indexesOfPostgres',
    `SELECT indexname AS "name", indexdef AS "definition" FROM pg_indexes
      WHERE schemaname = current_schema() AND tablename IN (${tableNames}) AND indexname NOT LIKE '%\\_pkey'`,
  ),
}

/**
 * Millions of rows go in several times as fast where their indexes are made once, at the end. What must be
 * unique is found out then.
 */
export async function withoutIndexes<Result>(
  tx: ScriptRunner,
  engine: Database['engine'],
  work: () => Promise<Result>,
): Promise<Result> {
  const found = await tx.rows<Index>(indexes[engine])
  for (const { name } of found) await tx.script(`DROP INDEX ${name}`)
  const result = await work()
  for (const { definition } of found) await tx.script(definition)
  return result
}

/**
 * Replaces the tables' content with dumped rows, in the caller's transaction. Throws on an unknown table or
 * column.
 */
export function createRestorer(tx: Queryable): Restorer {
  let waiting: { signature: string; table: string; rows: Row[] } | undefined
  let writing: Promise<unknown> = Promise.resolve()

  /** The next rows are read while the last are written. */
  async function begin(): Promise<void> {
    const taken = waiting
    waiting = undefined
    await writing
    if (!taken) return
    writing = tx.insertAll(taken)
    writing.catch(() => undefined) // thrown where it is awaited
  }

  return {
    async clear() {
      for (const walk of walks.toReversed()) await tx.change(walk.clear)
    },
    put({ table, row }) {
      const signature = `${table} ${Object.keys(row).join(' ')}`
      if (waiting?.signature === signature && waiting.rows.length < rowsPerInsert) {
        waiting.rows.push(row)
        return undefined
      }
      if (!tables.some(({ name }) => name === table)) throw new Error(`a row of ${table} cannot be restored`)
      const beginning = begin()
      waiting = { signature, table, rows: [row] }
      return beginning
    },
    async flush() {
      await begin()
      await writing
    },
  }
}

const countAccounts = sql('countAccountsBeforeRestore', 'SELECT COUNT(*) AS "count" FROM account')
export const hasAccounts = async (db: Queryable): Promise<boolean> =>
  ((await db.row<{ count: number }>(countAccounts))?.count ?? 0) > 0
