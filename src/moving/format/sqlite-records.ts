import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../domain/problem.ts'
import type { RecordRow } from './record-row.ts'

const tables = { user: ['user', 'users'], account: ['account', 'accounts'] } as const

/**
 * The users of an application's SQLite database, each with the rows of `account` that name it, as better-auth
 * keeps them. The file is opened for reading only. Throws `invalid_fields` if there are no such tables.
 */
export async function* sqliteRecords(path: string, count: () => void): AsyncGenerator<RecordRow> {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    yield* usersIn(database, count)
  } catch (error) {
    if (error instanceof Problem || !(error as { errcode?: number }).errcode) throw error
    throw new Problem('invalid_fields', {
      detail: `The database cannot be read: ${(error as Error).message}`,
    })
  } finally {
    database?.close()
  }
}

function* usersIn(database: DatabaseSync, count: () => void): Generator<RecordRow> {
  const names = new Set(
    database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .all()
      .map(({ name }) => String(name)),
  )
  const find = (wanted: readonly string[]): string | undefined => wanted.find((name) => names.has(name))
  const [users, accounts] = [find(tables.user), find(tables.account)]
  const columns = (table: string): Set<string> =>
    new Set(
      database
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map(({ name }) => String(name)),
    )
  if (!users || !accounts || !columns(accounts).has('providerId') || !columns(users).has('emailVerified'))
    throw new Problem('invalid_fields', { detail: 'This database has no users of better-auth' })
  const accountsOf = database.prepare(`SELECT * FROM "${accounts}" WHERE "userId" = ? LIMIT 100`)
  const of = (table: string, key: string) =>
    names.has(table) && columns(table).has(key)
      ? database.prepare(`SELECT * FROM "${table}" WHERE "${key}" = ? LIMIT 100`)
      : undefined
  const [members, factors, passkeys] = [
    of('member', 'userId'),
    of('twoFactor', 'userId'),
    of('passkey', 'userId'),
  ]
  let line = 0
  for (const user of database.prepare(`SELECT * FROM "${users}" ORDER BY rowid`).iterate()) {
    const id = user.id as string
    count()
    yield {
      line: ++line,
      record: {
        ...user,
        accounts: accountsOf.all(id),
        memberships: members?.all(id) ?? [],
        hasTwoFactor: (factors?.all(id).length ?? 0) > 0,
        hasPasskey: (passkeys?.all(id).length ?? 0) > 0,
      },
    }
  }
}
