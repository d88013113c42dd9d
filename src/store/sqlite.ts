import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { bulkInsert, type FlatRows, flatRows } from './bulk-insert.ts'
import type { Database, Queryable, ScriptRunner } from './database.ts'
import { createCommitLane } from './group-commit.ts'
import { translateSqliteError } from './sqlite-error.ts'
import { type SqlValues, type Statement, valuesFor } from './statement.ts'

const sqliteBusy = 5
const busyRetryMilliseconds = 20
const readerCacheKibibytes = 16 * 1024 // the inner pages of the indexes of a million accounts
// while another process holds the write lock: a worker, the CLI, a backup
const busyTimeoutMilliseconds = 5000

/**
 * SQLite in the data folder. Writes share commits (see `commit-lane.ts`); reads use a connection of their
 * own, which sees only what is committed, so that no reply rests on a write that a crash could still undo.
 */
export function openSqlite(path: string): Database {
  closeSync(openSync(path, 'a', 0o600)) // for its owner alone; the log beside it gets the same mode
  const writer = connect(path)
  becomeWal(writer)
  const reader = connect(path)
  reader.exec(`PRAGMA query_only = ON; PRAGMA cache_size = -${readerCacheKibibytes}`)
  const lane = createCommitLane(writer)
  const onWriter = createRunner(writer)
  const onReader = createRunner(reader)
  const direct = asQueryable(onWriter)
  const scripted: ScriptRunner = { ...direct, script: async (text) => writer.exec(text) }

  const route = <Result>(statement: Statement, run: (runner: Runner) => Result): Promise<Result> =>
    statement.writes ? lane.runStatement(() => run(onWriter)) : settle(() => run(onReader))

  return {
    engine: 'sqlite',
    row: <Row>(statement: Statement, values?: SqlValues) =>
      route(statement, (runner) => runner.row<Row>(statement, values)),
    rows: <Row>(statement: Statement, values?: SqlValues) =>
      route(statement, (runner) => runner.rows<Row>(statement, values)),
    change: (statement, values) => route(statement, (runner) => runner.change(statement, values)),
    insertAll: (rows) => lane.run(() => onWriter.insertFlat(flatRows(rows))),
    transaction: (work) => lane.run(() => work(direct)),
    unhurried: (work) => lane.run(() => work(scripted)),
    exclusively: (work) => lane.run(() => work(scripted)),
    async snapshot(work) {
      const view = connect(path)
      try {
        view.exec('PRAGMA query_only = ON; BEGIN')
        return await work(asQueryable(createRunner(view)))
      } finally {
        view.close()
      }
    },
    async close() {
      await lane.drain()
      reader.close()
      writer.close()
    },
  }
}

/** A connection that writes, by itself. */
export function createWriter(path: string): { connection: DatabaseSync; runner: Runner } {
  const connection = connect(path)
  return { connection, runner: createRunner(connection) }
}

function connect(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, {
    timeout: busyTimeoutMilliseconds,
    enableForeignKeyConstraints: true,
  })
  connection.exec('PRAGMA synchronous = FULL') // every commit is on the disk before its reply goes out
  return connection
}

/**
 * Of processes that open a new file together, one changes it; SQLite lets the others wait for anything but
 * this.
 */
function becomeWal(connection: DatabaseSync): void {
  const deadline = performance.now() + busyTimeoutMilliseconds
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== sqliteBusy || performance.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyRetryMilliseconds)
    }
  }
}

interface Runner {
  row<Row>(statement: Statement, values?: SqlValues): Row | undefined
  rows<Row>(statement: Statement, values?: SqlValues): Row[]
  change(statement: Statement, values?: SqlValues): number
  insertFlat(rows: FlatRows): void
}

function createRunner(connection: DatabaseSync): Runner {
  const prepared = new Map<string, StatementSync>()
  const prepare = (statement: Statement): StatementSync => {
    if (statement.isPlannedAnew) return connection.prepare(statement.questionText)
    let ready = prepared.get(statement.name)
    if (!ready) prepared.set(statement.name, (ready = connection.prepare(statement.questionText)))
    return ready
  }
  return {
    row: <Row>(statement: Statement, values: SqlValues = {}) =>
      translated(() => prepare(statement).get(...valuesFor(statement, values)) as Row | undefined),
    rows: <Row>(statement: Statement, values: SqlValues = {}) =>
      translated(() => prepare(statement).all(...valuesFor(statement, values)) as Row[]),
    change: (statement, values = {}) =>
      translated(() => Number(prepare(statement).run(...valuesFor(statement, values)).changes)),
    insertFlat: ({ table, columns, values }) =>
      translated(() => {
        if (values.length === 0) return
        const insert = prepare(bulkInsert('sqlite', table, columns))
        for (let from = 0; from < values.length; from += columns.length)
          insert.run(...values.slice(from, from + columns.length))
      }),
  }
}

const asQueryable = (runner: Runner): Queryable => ({
  row: <Row>(statement: Statement, values?: SqlValues) => settle(() => runner.row<Row>(statement, values)),
  rows: <Row>(statement: Statement, values?: SqlValues) => settle(() => runner.rows<Row>(statement, values)),
  change: (statement, values) => settle(() => runner.change(statement, values)),
  insertAll: (rows) => settle(() => runner.insertFlat(flatRows(rows))),
})

function settle<Result>(run: () => Result): Promise<Result> {
  try {
    return Promise.resolve(run())
  } catch (error) {
    return Promise.reject(error)
  }
}

function translated<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw translateSqliteError(error)
  }
}
