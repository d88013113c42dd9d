import { setTimeout as wait } from 'node:timers/promises'
import type { Queryable } from './database.ts'
import { type SqlValues, type Statement, sql } from './statement.ts'

// On SQLite other writers wait while a batch runs, and a row's cost depends on the disk.
const batchMilliseconds = 8
const [rowsFirst, rowsMin, rowsMax] = [50, 10, 500]

/**
 * Deletes one batch of `:rows` that match, checked again when each is deleted. `key`: the columns of a unique
 * index.
 */
export const deleteBatch = (
  name: string,
  { table, key, where }: { table: string; key: string; where: string },
): Statement =>
  sql(
    name,
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT :rows) AND ${where}`,
  )

/**
 * Runs batches until nothing is left. The batch size adapts to a short duration, and after each batch it
 * pauses as long as that took, so that others can write. `runBatch` returns its number of rows. Returns the
 * total.
 */
export async function inBatches(runBatch: (rows: number) => Promise<number>): Promise<number> {
  let rows = rowsFirst
  for (let total = 0; ; ) {
    const startedAt = performance.now()
    const count = await runBatch(rows)
    const took = performance.now() - startedAt
    total += count
    if (count < rows) return total
    const wanted = Math.round((rows * batchMilliseconds) / Math.max(took, 1))
    rows = Math.max(rowsMin, Math.min(rowsMax, wanted, rows * 2))
    await wait(took)
  }
}

export const purgeBy = (db: Queryable, statement: Statement, values: SqlValues): Promise<number> =>
  inBatches((rows) => db.change(statement, { ...values, rows }))
