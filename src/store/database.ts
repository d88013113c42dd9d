import type { Clock } from '../domain/clock.ts'
import type { TableRows } from './bulk-insert.ts'
import type { SqlValues, Statement } from './statement.ts'

/**
 * Runs statements one by one. Each throws `Problem('database_unavailable')` where the database cannot be
 * reached in time.
 */
export interface Queryable {
  row<Row>(statement: Statement, values?: SqlValues): Promise<Row | undefined>
  rows<Row>(statement: Statement, values?: SqlValues): Promise<Row[]>
  /** How many rows it changed. */
  change(statement: Statement, values?: SqlValues): Promise<number>
  /** Throws UniqueViolation; then all of them have to be undone. */
  insertAll(rows: TableRows): Promise<void>
}

/** One of the two engines. A write's promise settles only when the write is durable. */
export interface Database extends Queryable {
  readonly engine: 'sqlite' | 'postgres'
  /** Of the database, where it is on a machine of its own. */
  readonly clock?: Clock
  /** All or nothing. Only SQL inside: on SQLite every other writer waits for it. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>
  /** The same for what takes as long as it takes: a restore, which no request waits for. */
  unhurried<Result>(work: (tx: ScriptRunner) => Promise<Result>): Promise<Result>
  /** A consistent view of the whole, beside ongoing writes. */
  snapshot<Result>(work: (view: Queryable) => Promise<Result>): Promise<Result>
  /** Runs statements without values under a lock that only one process can hold. */
  exclusively<Result>(work: (script: ScriptRunner) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** For migrations and restores: text in the dialect that both engines share. */
export interface ScriptRunner extends Queryable {
  script(text: string): Promise<void>
}

/** A row with that key is there already. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}
