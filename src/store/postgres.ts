import pg from 'pg'
import { Problem } from '../domain/problem.ts'
import { bulkInsert } from './bulk-insert.ts'
import { type Database, type Queryable, type ScriptRunner, UniqueViolation } from './database.ts'
import { createDatabaseClock, type DatabaseClock } from './database-clock.ts'
import type { PostgresPlace } from './find-postgres.ts'
import { createStatementGroups } from './group-statements.ts'
import { type SqlValue, type SqlValues, type Statement, valuesFor } from './statement.ts'

const poolMax = 10 // connections a process; hot paths are one round trip, so few serve many
const connectTimeoutMilliseconds = 3000
const statementTimeoutMilliseconds = 5000
// A peer that vanished answers nothing, not even its own timeout.
const givenUpAfterMilliseconds = statementTimeoutMilliseconds + 1000
/** Of a connection that is ours alone; a pooler refuses them. */
const startupParameters = {
  statement_timeout: statementTimeoutMilliseconds,
  idle_in_transaction_session_timeout: statementTimeoutMilliseconds * 2,
  application_name: 'sumun',
}
const localTimeouts = `SET LOCAL statement_timeout = ${statementTimeoutMilliseconds}; SET LOCAL idle_in_transaction_session_timeout = ${statementTimeoutMilliseconds * 2}`
const dayMilliseconds = 86_400_000
const migrationLock = 0x53756d75 // "Sumu"; advisory locks are numbers
const deadlockRetriesMax = 3

const int8 = 20
pg.types.setTypeParser(int8, Number) // counters and milliseconds stay far below 2^53

/** PostgreSQL, for one or many nodes. Connections are pooled and made anew after a failure. */
export function openPostgres({ url, isPooled }: PostgresPlace): Database {
  const options = {
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    query_timeout: givenUpAfterMilliseconds,
    keepAlive: true,
    ...(!isPooled && startupParameters),
  }
  const begin = isPooled ? `BEGIN; ${localTimeouts}` : 'BEGIN'
  const databaseClock = createDatabaseClock()
  const pool = new pg.Pool({ ...options, onConnect: databaseClock.read })
  const following = databaseClock.follow(pool)
  // A lost connection rejects the query that runs on it, and the next one makes another; as an event it would
  // end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })

  async function inTransaction<Result>(
    begin: string,
    work: (tx: ScriptRunner) => Promise<Result>,
    patience?: number,
  ): Promise<Result> {
    const client = await translated(pool.connect())
    let broken: Error | undefined
    try {
      await translated(client.query(begin))
      const result = await work({
        ...asQueryable(client, { ...speak, patience }),
        script: (text) => runScript(client, text),
      })
      await translated(client.query('COMMIT'))
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => {
        broken = cause
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  const speak = { clock: databaseClock, isNamed: !isPooled }
  const single = retrying(asQueryable(pool, speak))
  const groups = createStatementGroups((statement, calls) =>
    retried(() => together({ ...speak, pool, statement, calls })),
  )

  return {
    ...single,
    row: <Row>(statement: Statement, values: SqlValues = {}) =>
      statement.together
        ? (groups.row(statement, values) as Promise<Row | undefined>)
        : single.row<Row>(statement, values),
    engine: 'postgres',
    transaction: (work) => retried(() => inTransaction(begin, work)),
    unhurried: (work) =>
      inTransaction(
        begin,
        async (tx) => {
          await tx.script(
            'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
          )
          return work(tx)
        },
        dayMilliseconds,
      ),
    snapshot: (work) => inTransaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work),
    exclusively: (work) =>
      inTransaction(begin, async (tx) => {
        await tx.script(`SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(${migrationLock})`)
        return work(tx)
      }),
    clock: databaseClock,
    async close() {
      clearInterval(following)
      await pool.end()
    },
  }
}

type Connection = Pick<pg.Pool, 'query'>

/** When a statement that is sent now is given up on, by the database's clock. */
const deadlineOf = (clock: DatabaseClock): number =>
  clock.isKnown() ? clock.now() + givenUpAfterMilliseconds : Number.MAX_SAFE_INTEGER

interface Manner {
  clock: DatabaseClock
  /** Whether statements are prepared once a connection. */
  isNamed: boolean
  /** In milliseconds, of a statement that may take longer than a request's. */
  patience?: number | undefined
}

function asQueryable(connection: Connection, { clock, isNamed, patience }: Manner): Queryable {
  const query = (statement: Statement, values: SqlValues = {}) => {
    const given = valuesFor(statement, values)
    if (statement.isGuarded) given.push(deadlineOf(clock))
    const query = {
      ...(isNamed && !statement.isPlannedAnew && { name: statement.name }),
      text: statement.dollarText,
      values: given,
      ...(patience && { query_timeout: patience }),
    }
    return translated(connection.query(query))
  }
  return {
    row: async <Row>(statement: Statement, values?: SqlValues) =>
      (await query(statement, values)).rows[0] as Row | undefined,
    rows: async <Row>(statement: Statement, values?: SqlValues) =>
      (await query(statement, values)).rows as Row[],
    change: async (statement, values) => (await query(statement, values)).rowCount ?? 0,
    async insertAll({ table, rows }) {
      const [first] = rows
      if (!first) return
      await query(bulkInsert('postgres', table, Object.keys(first)), { rows: JSON.stringify(rows) })
    },
  }
}

/** Alone, a statement that lost against another one simply runs again. */
const retrying = ({ row, rows, change, insertAll }: Queryable): Queryable => ({
  row: (statement, values) => retried(() => row(statement, values)),
  rows: (statement, values) => retried(() => rows(statement, values)),
  change: (statement, values) => retried(() => change(statement, values)),
  insertAll: (rows) => retried(() => insertAll(rows)),
})

/**
 * All calls in one statement. Rows are locked in one order by all nodes, so that two of them seldom wait for
 * each other.
 */
async function together(given: Manner & { pool: Connection; statement: Statement; calls: SqlValue[][] }) {
  const { pool, clock, isNamed, statement, calls } = given
  const { name, parameters, isGuarded } = statement
  const key = parameters.indexOf(statement.together?.key ?? '')
  const ordered = calls.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1))
  const values: unknown[] = parameters.map((_, index) => ordered.map((call) => call[index]))
  if (isGuarded) values.push(deadlineOf(clock))
  const text = statement.together?.dollarText ?? ''
  return (await translated(pool.query({ ...(isNamed && { name: `${name}_together` }), text, values }))).rows
}

/** Ids and normal forms are compared as bytes, as SQLite does, whatever the database's locale is. */
async function runScript(connection: Connection, text: string): Promise<void> {
  // Another node's migration may take its time, and so may ours.
  await translated(
    connection.query({
      text: text.replaceAll(/ TEXT\b/g, ' TEXT COLLATE "C"'),
      query_timeout: dayMilliseconds,
    } as pg.QueryConfig),
  )
}

async function translated<Result>(pending: Promise<Result>): Promise<Result> {
  try {
    return await pending
  } catch (error) {
    throw translate(error as Error & { code?: string })
  }
}

/**
 * SQLSTATE classes (PostgreSQL manual, appendix A): 08 connection, 53 resources, 57 intervention; no code at
 * all is the socket's.
 */
function translate(error: Error & { code?: string }): Error {
  const { code } = error
  if (code === '23505') return new UniqueViolation('unique', { cause: error })
  const sqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
  const unreachable = sqlState === undefined || /^(08|53|57|58)/.test(sqlState) || sqlState === '25006'
  return unreachable ? new Problem('database_unavailable', { cause: error, retryAfterSeconds: 1 }) : error
}

async function retried<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== '40P01' && code !== '40001') throw error
      if (attempt === deadlockRetriesMax)
        throw new Problem('database_unavailable', { cause: error, retryAfterSeconds: 1 })
    }
  }
}
