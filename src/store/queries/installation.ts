import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

/** Named values of this installation, one row each. */
export interface InstallationStore {
  find(name: string): Promise<string | undefined>
  /** Inserts unless present. Returns the stored value. */
  keepFirst(name: string, value: string): Promise<string>
  put(name: string, value: string): Promise<void>
  /** A number that only grows. */
  raise(name: string, value: number): Promise<void>
}

const findFact = sql('findFact', 'SELECT value FROM fact WHERE name = :name')
const keepFirstFact = sql(
  'keepFirstFact',
  'INSERT INTO fact (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = fact.value RETURNING value',
)
const putFact = sql(
  'putFact',
  'INSERT INTO fact (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value',
)
const raiseFact = sql(
  'raiseFact',
  `INSERT INTO fact (name, value) VALUES (:name, :value)
   ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(fact.value AS BIGINT) < CAST(excluded.value AS BIGINT)`,
)

export function installationStore(db: Queryable): InstallationStore {
  return {
    find: async (name) => (await db.row<{ value: string }>(findFact, { name }))?.value,
    async keepFirst(name, value) {
      const kept = await db.row<{ value: string }>(keepFirstFact, { name, value })
      if (!kept) throw new Error('a value was neither inserted nor found')
      return kept.value
    },
    async put(name, value) {
      await db.change(putFact, { name, value })
    },
    async raise(name, value) {
      await db.change(raiseFact, { name, value: String(value) })
    },
  }
}
