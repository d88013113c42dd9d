import { type SqlValue, type SqlValues, type Statement, valuesFor } from './statement.ts'

const inFlightMax = 2 // one is at the database while the next gathers
const callsPerStatementMax = 256

interface Call {
  /** In the statement's order. */
  values: SqlValue[]
  resolve(row: Row | undefined): void
  reject(error: unknown): void
}
type Row = Record<string, SqlValue>

export interface StatementGroups {
  /** The row that the statement returns for these values; calls that wait at once share one statement. */
  row(statement: Statement, values: SqlValues): Promise<Row | undefined>
}

/**
 * Group commit for a database at the other end of a wire: while a statement runs, further calls of the same
 * one gather, and run as one statement over all of them. `run` sends it, and gives back all their rows; when
 * it fails, nothing of it is committed, and every caller is told.
 */
export function createStatementGroups(
  run: (statement: Statement, calls: SqlValue[][]) => Promise<Row[]>,
): StatementGroups {
  const lines = new Map<Statement, { waiting: Call[]; inFlight: number }>()

  async function send(statement: Statement, calls: Call[]): Promise<void> {
    const key = statement.together?.key ?? ''
    const place = statement.parameters.indexOf(key)
    try {
      const rows = await run(
        statement,
        calls.map(({ values }) => values),
      )
      const byKey = new Map(rows.map((row) => [row[key], row]))
      for (const { values, resolve } of calls) {
        resolve(byKey.get(values[place]))
        byKey.delete(values[place]) // of two calls with one key, one has changed the row
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }

  function flush(statement: Statement): void {
    const line = lines.get(statement)
    if (!line || line.waiting.length === 0 || line.inFlight === inFlightMax) return
    line.inFlight++
    void send(statement, line.waiting.splice(0, callsPerStatementMax)).finally(() => {
      line.inFlight--
      flush(statement)
    })
    flush(statement)
  }

  return {
    async row(statement, values) {
      const given = valuesFor(statement, values) // throws for this call alone
      const line = lines.get(statement) ?? { waiting: [], inFlight: 0 }
      lines.set(statement, line)
      return new Promise((resolve, reject) => {
        line.waiting.push({ values: given, resolve, reject })
        if (line.waiting.length === 1) setImmediate(flush, statement)
      })
    },
  }
}
