import { createHash } from 'node:crypto'
import type { Database, ScriptRunner } from './database.ts'
import { sql } from './statement.ts'

export interface Migration {
  id: number
  name: string
  /**
   * Statements in the dialect both engines share; see `statement.ts` and `postgres.ts` for what is adapted.
   */
  script: string
}

export interface AppliedMigration {
  id: number
  name: string
  checksum: string
  appliedAt: number
}

/** The database and this version of the program do not fit; the message says which way. */
export class MigrationMismatch extends Error {}

const ledger = `CREATE TABLE IF NOT EXISTS schema_migration (
  id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`
export const listApplied = sql(
  'listAppliedMigrations',
  'SELECT id, name, checksum, applied_at AS "appliedAt" FROM schema_migration ORDER BY id',
)
const recordApplied = sql(
  'recordAppliedMigration',
  'INSERT INTO schema_migration (id, name, checksum, applied_at) VALUES (:id, :name, :checksum, :now)',
)

const checksumOf = ({ script }: Migration): string => createHash('sha256').update(script).digest('hex')

/**
 * Brings the schema up to date, all or nothing, under a lock so that many nodes may start at once. Returns
 * what it applied. Throws MigrationMismatch if an applied migration was changed, or the database is newer
 * than this program.
 */
export function migrate(
  database: Database,
  migrations: readonly Migration[],
  now: number,
): Promise<Migration[]> {
  return database.exclusively(async (script) => {
    await script.script(ledger)
    const applied = await script.rows<AppliedMigration>(listApplied)
    refuseMismatch(applied, migrations)
    const pending = migrations.slice(applied.length)
    for (const migration of pending) await apply(script, migration, now)
    return pending
  })
}

async function apply(script: ScriptRunner, migration: Migration, now: number): Promise<void> {
  await script.script(migration.script)
  await script.change(recordApplied, {
    id: migration.id,
    name: migration.name,
    checksum: checksumOf(migration),
    now,
  })
}

function refuseMismatch(applied: readonly AppliedMigration[], known: readonly Migration[]): void {
  for (const [index, row] of applied.entries()) {
    const migration = known[index]
    if (!migration)
      throw new MigrationMismatch(
        `the database has migration ${row.id} (${row.name}), which this version does not know; run a newer version`,
      )
    if (migration.id !== row.id || checksumOf(migration) !== row.checksum) {
      throw new MigrationMismatch(
        `migration ${row.id} (${row.name}) was changed after it was applied; restore the version that applied it`,
      )
    }
  }
}
