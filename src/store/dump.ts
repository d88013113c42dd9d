import type { Database, Queryable } from './database.ts'
import { type AppliedMigration, listApplied } from './migrate.ts'
import { type SqlValue, type Statement, sql } from './statement.ts'

export type Row = Record<string, SqlValue>

interface Table {
  name: string
  /** A unique index to walk along. */
  key: readonly string[]
}

/** In an order in which every row finds those it refers to. Left out: what is worthless elsewhere (throttles, messages on their way, codes and tokens of clients). Grants are there so that clients can be told that they ended. */
const tables: readonly Table[] = [
  { name: 'fact', key: ['name'] },
  { name: 'account', key: ['id'] },
  { name: 'identifier', key: ['account_id', 'kind'] },
  { name: 'credential', key: ['id'] },
  { name: 'session', key: ['id'] },
  { name: 'revocation', key: ['subject'] },
  { name: 'client', key: ['id'] },
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
const rowsPerPage = 500
const columnName = /^[a-z_]+$/

const parameterOf = (column: string): string => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const walks = tables.map(({ name, key }) => {
  const [columns, values] = [key.join(', '), key.map((column) => `:${parameterOf(column)}`).join(', ')]
  return {
    name,
    key,
    page: sql(`dump_${name}`, `SELECT * FROM ${name} WHERE (${columns}) > (${values}) ORDER BY ${columns} LIMIT :limit`),
    clear: sql(`clear_${name}`, `DELETE FROM ${name}`),
  }
})

/** Every row that is worth keeping, as of one moment, while others go on writing. */
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
  put(line: { table: string; row: Row }): Promise<void>
  /** Writes what was put last. */
  flush(): Promise<void>
}

const rowsPerInsert = 200
let insertsMade = 0

/** Puts dumped rows in the place of whatever is there, in the caller's transaction. Throws on a table or column that cannot be one. */
export function createRestorer(tx: Queryable): Restorer {
  const inserts = new Map<string, Statement>()
  let waiting: { signature: string; table: string; columns: string[]; rows: Row[] } | undefined

  function insertOf(count: number): Statement {
    const { signature, table, columns } = waiting as NonNullable<typeof waiting>
    const key = `${signature} ${count}`
    const known = inserts.get(key)
    if (known) return known
    const rows = Array.from(
      { length: count },
      (_, row) => `(${columns.map((column) => `:${parameterOf(column)}${suffixOf(row)}`).join(', ')})`,
    )
    const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.join(', ')}`
    const statement = sql(`restore_${++insertsMade}`, text) // PostgreSQL keeps 63 letters of a name
    inserts.set(key, statement)
    return statement
  }

  async function flush(): Promise<void> {
    if (!waiting) return
    const { columns, rows } = waiting
    const groups = rows.length === rowsPerInsert ? [rows] : rows.map((row) => [row])
    for (const group of groups) {
      const entries = group.flatMap((row, index) =>
        columns.map((column) => [parameterOf(column) + suffixOf(index), row[column] as SqlValue] as const),
      )
      await tx.change(insertOf(group.length), Object.fromEntries(entries))
    }
    waiting = undefined
  }

  return {
    async clear() {
      for (const walk of walks.toReversed()) await tx.change(walk.clear)
    },
    async put({ table, row }) {
      const columns = Object.keys(row)
      if (!tables.some(({ name }) => name === table) || !columns.every((column) => columnName.test(column)))
        throw new Error(`a row of ${table} cannot be restored`)
      const signature = `${table} ${columns.join(' ')}`
      if (waiting?.signature !== signature || waiting.rows.length === rowsPerInsert) await flush()
      waiting ??= { signature, table, columns, rows: [] }
      waiting.rows.push(row)
    },
    flush,
  }
}

/** Parameters are letters alone. */
const suffixOf = (row: number): string => `Row${String(row).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string)}`

const countAccounts = sql('countAccountsBeforeRestore', 'SELECT COUNT(*) AS "count" FROM account')
export const hasAccounts = async (db: Queryable): Promise<boolean> => ((await db.row<{ count: number }>(countAccounts))?.count ?? 0) > 0
