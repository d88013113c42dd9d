import type { Database } from './database.ts'
import { plannedAnew, type Statement, sql } from './statement.ts'

type Engine = Database['engine']

/** A list of pairs in one value, `:pairs`, as each engine reads it: columns `kind` and `text`. */
const pairs: Readonly<Record<Engine, string>> = {
  sqlite: `(SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS text FROM json_each(:pairs))`,
  postgres: `(SELECT value->>0 AS kind, value->>1 AS text FROM json_array_elements(CAST(:pairs AS json)) ${plannedAnew})`,
}

/** One statement over such a list, in the words of each engine. */
export const overPairs = (name: string, text: (pairs: string) => string): Record<Engine, Statement> => ({
  sqlite: sql(`${name}InSqlite`, text(pairs.sqlite)),
  postgres: sql(`${name}InPostgres`, text(pairs.postgres)),
})
