import { type SqlValue, type Statement, sql, withoutNul } from './statement.ts'

/** Under the names of its columns. */
export type Row = Record<string, SqlValue>

/** Rows of one table, which all have the same columns. */
export interface TableRows {
  table: string
  rows: readonly Row[]
}

/** The same, row by row in one list: less to copy, and to bind. */
export interface FlatRows {
  table: string
  columns: readonly string[]
  values: readonly SqlValue[]
}

export function flatRows({ table, rows }: TableRows): FlatRows {
  const columns = Object.keys(rows[0] ?? {})
  const values = rows.flatMap((row) => columns.map((column) => withoutNul(row[column] as SqlValue)))
  return { table, columns, values }
}

type Engine = 'sqlite' | 'postgres'

const columnName = /^[a-z_]+$/
/** Each is prepared once a connection. */
const inserts = new Map<string, Statement>()

export const parameterOf = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/**
 * For SQLite one row, whose values are in the columns' order; PostgreSQL reads a list of rows from one value,
 * `rows`. Throws on a column name that is none.
 */
export function bulkInsert(engine: Engine, table: string, columns: readonly string[]): Statement {
  const key = `${engine} ${table} ${columns.join(' ')}`
  const known = inserts.get(key)
  if (known) return known
  if (!columns.every((column) => columnName.test(column)))
    throw new Error(`a row of ${table} cannot be written`)
  const values =
    engine === 'postgres'
      ? `SELECT ${columns.join(', ')} FROM json_populate_recordset(CAST(NULL AS ${table}), CAST(:rows AS json))`
      : `VALUES (${columns.map((column) => `:${parameterOf(column)}`).join(', ')})`
  const made = sql(`bulk_${inserts.size + 1}`, `INSERT INTO ${table} (${columns.join(', ')}) ${values}`)
  inserts.set(key, made)
  return made
}
