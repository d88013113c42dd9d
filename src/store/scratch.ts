import { DatabaseSync } from 'node:sqlite'

/** Text by text, on the disk while it is open and gone afterwards; for more of it than fits into memory. */
export interface Scratch {
  get(key: string): string | undefined
  /** Replaces what the key had. */
  set(key: string, value: string): void
  /** Adds a line to what the key has. */
  add(key: string, value: string): void
  close(): void
}

export function openScratch(): Scratch {
  const database = new DatabaseSync('') // a file without a name, which SQLite removes
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384')
  database.exec('CREATE TABLE kept (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID')
  database.exec('BEGIN')
  const find = database.prepare('SELECT value FROM kept WHERE key = ?')
  const put = database.prepare('INSERT OR REPLACE INTO kept (key, value) VALUES (?, ?)')
  const add = database.prepare(
    'INSERT INTO kept (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = value || char(10) || excluded.value',
  )
  return {
    get: (key) => find.get(key)?.value as string | undefined,
    set: (key, value) => void put.run(key, value),
    add: (key, value) => void add.run(key, value),
    close: () => database.close(),
  }
}
