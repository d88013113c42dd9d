import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Problem } from '../domain/problem.ts'
import { type FlatRows, flatRows } from './bulk-insert.ts'
import { type Database, type Queryable, UniqueViolation } from './database.ts'
import { openSqlite } from './sqlite.ts'
import type { SqlValues, Statement } from './statement.ts'

/** What the thread is told. It answers in the same order. */
export type Order =
  | { do: 'row' | 'rows' | 'change'; statement: Statement; values: SqlValues | undefined }
  | ({ do: 'insert' } & FlatRows)
  | { do: 'script'; text: string }
  | { do: 'close' }
export type Answer = { result: unknown } | { fault: { name: string; message: string; code: string | null } }

/**
 * SQLite whose writes are on a thread of their own, for a process that writes much: it prepares the next rows
 * meanwhile. Writes wait for each other, and share no commits.
 */
export function openSqliteApart(path: string): Database {
  const inner = openSqlite(path)
  const thread = startThread(path)
  const alone = createQueryable(thread)
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  async function inTransaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    await thread.ask({ do: 'script', text: 'BEGIN IMMEDIATE' })
    try {
      const result = await work(alone)
      await thread.ask({ do: 'script', text: 'COMMIT' })
      return result
    } catch (error) {
      // A full disk has ended the transaction already.
      await thread.ask({ do: 'script', text: 'ROLLBACK' }).catch(() => undefined)
      throw error
    }
  }

  return {
    ...inner,
    row: <Row>(statement: Statement, values?: SqlValues) =>
      statement.writes ? inTurn(() => alone.row<Row>(statement, values)) : inner.row<Row>(statement, values),
    rows: <Row>(statement: Statement, values?: SqlValues) =>
      statement.writes
        ? inTurn(() => alone.rows<Row>(statement, values))
        : inner.rows<Row>(statement, values),
    change: (statement, values) => inTurn(() => alone.change(statement, values)),
    insertAll: (rows) => inTurn(() => alone.insertAll(rows)),
    transaction: (work) => inTurn(() => inTransaction(work)),
    async close() {
      await inTurn(() => thread.end())
      await inner.close()
    },
  }
}

interface Thread {
  ask(order: Order): Promise<unknown>
  end(): Promise<void>
}

const createQueryable = ({ ask }: Thread): Queryable => ({
  row: async <Row>(statement: Statement, values?: SqlValues) =>
    (await ask({ do: 'row', statement, values })) as Row | undefined,
  rows: async <Row>(statement: Statement, values?: SqlValues) =>
    (await ask({ do: 'rows', statement, values })) as Row[],
  change: async (statement, values) => (await ask({ do: 'change', statement, values })) as number,
  async insertAll(rows) {
    await ask({ do: 'insert', ...flatRows(rows) })
  },
})

function startThread(path: string): Thread {
  const file = new URL(`./sqlite-writer${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 2 } })
  const waiting: { resolve(result: unknown): void; reject(error: unknown): void }[] = []
  worker.on('message', (answer: Answer) => {
    const one = waiting.shift()
    if ('fault' in answer) one?.reject(errorOf(answer))
    else one?.resolve(answer.result)
  })
  let broken: Error | undefined
  worker.on('error', (error) => {
    broken = error as Error
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  const ask = (order: Order): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (broken) return reject(broken)
      waiting.push({ resolve, reject })
      worker.postMessage(order)
    })
  return {
    ask,
    async end() {
      await ask({ do: 'close' })
      await worker.terminate()
    },
  }
}

/** Classes do not survive the way between threads. */
function errorOf({ fault: { name, message, code } }: Extract<Answer, { fault: unknown }>): Error {
  if (name === 'UniqueViolation') return new UniqueViolation(message)
  if (code === 'database_unavailable') return new Problem(code, { cause: message, retryAfterSeconds: 1 })
  return code === 'malformed_request' ? new Problem(code, { detail: message }) : new Error(message)
}
