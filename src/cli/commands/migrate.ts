import { type AppliedMigration, listApplied } from '../../store/migrate.ts'
import { type Command, table, withInstallation } from '../command.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'Migrate the database, as every start does. Safe to run concurrently.',
  run: (input) =>
    withInstallation(input, async ({ database }) => {
      const applied = await database.rows<AppliedMigration>(listApplied)
      const rows = applied.map(({ id, name, appliedAt }) => [
        String(id),
        name,
        new Date(appliedAt).toISOString(),
      ])
      return {
        data: { engine: database.engine, migrations: applied },
        text: table(['ID', 'MIGRATION', 'APPLIED'], rows),
      }
    }),
}
