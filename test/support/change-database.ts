import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

/** Changes by an attacker with only the database. */
export async function changeDatabase(environment: Record<string, string>, statement: string): Promise<void> {
  const url = environment.SUMUN_DATABASE_URL
  if (url === undefined) {
    const database = new DatabaseSync(join(environment.SUMUN_DATA as string, 'sumun.sqlite'))
    database.exec(statement)
    return database.close()
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** The number that a statement counts. */
export async function countRows(environment: Record<string, string>, statement: string): Promise<number> {
  const url = environment.SUMUN_DATABASE_URL
  if (url === undefined) {
    const database = new DatabaseSync(join(environment.SUMUN_DATA as string, 'sumun.sqlite'), {
      readOnly: true,
    })
    const row = database.prepare(statement).get() as { count: number }
    database.close()
    return row.count
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(statement)
  await client.end()
  return Number(rows[0].count)
}
