import { Problem } from '../domain/problem.ts'
import { UniqueViolation } from './database.ts'

const uniqueViolationCodes = new Set([1555, 2067]) // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE

/**
 * SQLite's result codes (sqlite.org/rescode.html): 5 busy, 6 locked, 10 I/O, 13 full, 14 cannot open, 8
 * read-only.
 */
export function translateSqliteError(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode
  if (code === undefined) return error
  if (uniqueViolationCodes.has(code)) return new UniqueViolation('unique', { cause: error })
  return [5, 6, 8, 10, 13, 14].includes(code & 0xff)
    ? new Problem('database_unavailable', { cause: error, retryAfterSeconds: 1 })
    : error
}
