import { setImmediate as yieldToRequests } from 'node:timers/promises'
import type { Queryable } from './database.ts'
import { type SqlValues, type Statement, sql } from './statement.ts'

export const rowsPerBatch = 500 // some milliseconds each: whoever asks meanwhile does not wait

/** Deletes one batch of what fits, and still does when its turn comes. `key`: the columns of a unique index. */
export const deleteBatch = (name: string, { table, key, where }: { table: string; key: string; where: string }): Statement =>
  sql(name, `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${rowsPerBatch}) AND ${where}`)

/** Batch after batch, until nothing is left. Returns how many rows went. */
export async function inBatches(runBatch: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const count = await runBatch()
    total += count
    if (count < rowsPerBatch) return total
    await yieldToRequests()
  }
}

export const purgeBy = (db: Queryable, statement: Statement, values: SqlValues): Promise<number> =>
  inBatches(() => db.change(statement, values))
