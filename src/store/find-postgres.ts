import pg from 'pg'
import { Problem } from '../domain/problem.ts'

/** How a PostgreSQL is reached. */
export interface PostgresPlace {
  /** With the `sslmode` that was found to work. */
  url: string
  /** A pooler such as PgBouncer stands in between: no two statements need reach the same connection. */
  isPooled: boolean
}

/** The database cannot be used as it is; the message says why, and what to do. */
export class DatabaseFault extends Error {}

const connectTimeoutMilliseconds = 3000
const noTls = 'The server does not support SSL connections'
const refusedWithoutTls = '28000'

/** In the order in which libpq tries (PostgreSQL manual, §32.1.2, `sslmode`). */
const attempts: Readonly<Record<string, readonly string[]>> = {
  disable: ['disable'],
  allow: ['disable', 'require'],
  prefer: ['prefer', 'disable'],
  require: ['require'],
  'verify-ca': ['verify-ca'],
  'verify-full': ['verify-full'],
}

/**
 * Connects once, to learn how. Throws DatabaseFault if the address or the database is not as it must be,
 * and `database_unavailable` with the cause where it cannot be reached.
 */
export async function findPostgres(given: string): Promise<PostgresPlace> {
  const url = new URL(given)
  const wanted = url.searchParams.get('sslmode') ?? 'prefer'
  const modes = attempts[wanted]
  if (!modes) throw new DatabaseFault(`sslmode=${wanted}: must be one of ${Object.keys(attempts).join(', ')}`)
  let refused: unknown
  for (const mode of modes) {
    url.searchParams.set('sslmode', mode)
    url.searchParams.set('uselibpqcompat', 'true')
    try {
      return { url: url.href, isPooled: await lookAt(url.href) }
    } catch (error) {
      if (error instanceof DatabaseFault) throw error
      refused = error
      const { message, code } = error as Error & { code?: string }
      if (message !== noTls && code !== refusedWithoutTls) break
    }
  }
  throw new Problem('database_unavailable', {
    detail: `The database cannot be reached: ${(refused as Error).message || (refused as { code?: string }).code}`,
    cause: refused,
    retryAfterSeconds: 1,
  })
}

/**
 * Whether a pooler stands between: a later statement then runs in another backend process than the one of the
 * start-up message.
 */
async function lookAt(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMilliseconds })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const asked = `SELECT pg_backend_pid() AS "pid", current_setting('server_encoding') AS "encoding", current_database() AS "name"`
    const { rows } = await client.query<{ pid: number; encoding: string; name: string }>(asked)
    const [{ pid, encoding, name }] = rows as [{ pid: number; encoding: string; name: string }]
    if (encoding !== 'UTF8')
      throw new DatabaseFault(
        `the database ${name} is in ${encoding}, which cannot hold every name; make one with: CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`,
      )
    return pid !== (client as unknown as { processID: number }).processID
  } finally {
    await client.end()
  }
}
