import type { Database } from './database.ts'
import { sql } from './statement.ts'

const goodForMilliseconds = 1_000 // probes are cheap to ask for, and a write is not

const read = sql('ping', 'SELECT 1 AS "one"')
const write = sql(
  'pingByWriting',
  `INSERT INTO fact (name, value) VALUES ('asked-whether-ready', :value) ON CONFLICT (name) DO UPDATE SET value = :value`,
)

/**
 * Whether the database can be read and written (a full or read-only disk still answers reads). Callers within
 * a second share one write.
 */
export function createPing(database: Database): () => Promise<void> {
  let asked: { at: number; answer: Promise<void> } | undefined
  let count = 0

  async function ask(): Promise<void> {
    await database.row(read)
    await database.change(write, { value: String(++count) })
  }

  return () => {
    const at = performance.now()
    if (!asked || at - asked.at > goodForMilliseconds) asked = { at, answer: ask() }
    return asked.answer
  }
}
