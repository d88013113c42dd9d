import { AsyncResource } from 'node:async_hooks'
import type { DatabaseSync } from 'node:sqlite'
import { translateSqliteError } from './sqlite-error.ts'

const unitsPerCommitMax = 256 // bounds how long one commit can hold the event loop

interface Unit {
  /** One statement undoes itself when it fails, and needs no savepoint. */
  isOneStatement: boolean
  run(): unknown
  settle(): void
  fail(error: unknown): void
  outcome: { value: unknown } | { error: unknown } | undefined
}

export interface CommitLane {
  /**
   * `work` does nothing but SQL on the lane's connection. Settles when it is durable, or with its own error,
   * undone.
   */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result>
  /** The same, where `work` is one statement. */
  runStatement<Result>(work: () => Result): Promise<Result>
  drain(): Promise<void>
}

/**
 * Group commit: all writes that arrive in two turns of the event loop share one transaction and one fsync,
 * each in a savepoint of its own, so that one failure does not affect the others. No promise settles before
 * that fsync.
 */
export function createCommitLane(connection: DatabaseSync): CommitLane {
  let queue: Unit[] = []
  let scheduled = false
  let idle: Promise<void> = Promise.resolve()

  async function commitOne(batch: Unit[]): Promise<void> {
    try {
      connection.exec('BEGIN IMMEDIATE')
      for (const unit of batch) await runIn(unit, connection)
      connection.exec('COMMIT')
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK')
      const reason = translateSqliteError(error)
      for (const unit of batch) unit.fail(reason)
      return
    }
    for (const unit of batch) unit.settle()
  }

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, unitsPerCommitMax)
      queue = queue.slice(unitsPerCommitMax)
      await commitOne(batch)
    }
    scheduled = false
  }

  const enqueue = <Result>(isOneStatement: boolean, work: () => Result | Promise<Result>) =>
    new Promise<Result>((resolve, reject) => {
      const unit: Unit = {
        isOneStatement,
        run: work,
        outcome: undefined,
        fail: reject,
        settle() {
          if (unit.outcome && 'value' in unit.outcome) resolve(unit.outcome.value as Result)
          else reject(unit.outcome?.error)
        },
      }
      queue.push(unit)
      if (scheduled) return
      scheduled = true
      idle = new Promise((done) => afterNextRound(() => flush().finally(done)))
    })

  return {
    run: (work) => enqueue(false, AsyncResource.bind(work)), // one flush runs the work of many requests
    runStatement: (work) => enqueue(true, work),
    drain: () => idle,
  }
}

/**
 * A round of the event loop costs nothing where nothing happens; where much does, the writes of more requests
 * share the commit.
 */
const afterNextRound = (work: () => void): void => {
  setImmediate(() => setImmediate(work))
}

async function runIn(unit: Unit, connection: DatabaseSync): Promise<void> {
  if (!unit.isOneStatement) connection.exec('SAVEPOINT unit')
  try {
    const value = unit.run()
    unit.outcome = { value: value instanceof Promise ? await value : value }
    if (!unit.isOneStatement) connection.exec('RELEASE unit')
  } catch (error) {
    // A full disk or an I/O error ends the whole transaction; then there is nothing left to undo here.
    if (!connection.isTransaction) throw error
    if (!unit.isOneStatement) connection.exec('ROLLBACK TO unit; RELEASE unit')
    unit.outcome = { error }
  }
}
