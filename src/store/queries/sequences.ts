import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

export interface SequenceStore {
  /** Reserves the next `count` numbers for the caller; returns the first. */
  take(take: { name: string; count: number }): Promise<number>
}

const takeNumbers = sql(
  'takeNumbers',
  `INSERT INTO counter (name, value) VALUES (:name, :count)
   ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value`,
)

export function sequenceStore(db: Queryable): SequenceStore {
  return {
    async take({ name, count }) {
      const row = await db.row<{ value: number }>(takeNumbers, { name, count })
      return Number(row?.value) - count
    },
  }
}
